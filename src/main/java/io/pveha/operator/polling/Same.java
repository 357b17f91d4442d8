package io.pveha.operator.polling;

import java.util.Map;
import java.util.function.BiPredicate;

/** Compares maps by what of their values matters. */
final class Same {

  private Same() {}

  /** Whether they have the same keys, and values that are the same one by one. */
  static <K, V> boolean values(Map<K, V> one, Map<K, V> other, BiPredicate<V, V> isSame) {
    return one.keySet().equals(other.keySet())
        && one.entrySet().stream()
            .allMatch(
                entry -> {
                  V second = other.get(entry.getKey());
                  return entry.getValue() == second || isSame.test(entry.getValue(), second);
                });
  }
}
