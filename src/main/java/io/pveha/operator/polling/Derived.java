package io.pveha.operator.polling;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What was worked out from immutable facts, kept with them. It says nothing that they don't: one is
 * equal to any other.
 */
public final class Derived<F> {

  /** How something follows from facts; kept in a constant, by which it is found again. */
  @FunctionalInterface
  public interface From<F, R> extends Function<F, R> {}

  private final Map<From<F, ?>, Object> known = new ConcurrentHashMap<>();

  @SuppressWarnings("unchecked") // Each constant makes values of its own type alone.
  <R> R get(F facts, From<F, R> what) {
    return (R) known.computeIfAbsent(what, unused -> what.apply(facts));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Derived;
  }

  @Override
  public int hashCode() {
    return 1;
  }

  @Override
  public String toString() {
    return "";
  }
}
