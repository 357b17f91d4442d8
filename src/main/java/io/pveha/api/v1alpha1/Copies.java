package io.pveha.api.v1alpha1;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Unmodifiable copies of what came out of JSON, where absent, null and empty mean the same. */
final class Copies {
  private Copies() {}

  static <T> List<T> of(List<T> list) {
    return list == null ? List.of() : list.stream().filter(Objects::nonNull).toList();
  }

  /** Sorted by key, so that the same input is written in the same order. */
  static Map<String, String> of(Map<String, String> map) {
    return map == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
  }

  static <T> T orElse(T value, T whenAbsent) {
    return value == null ? whenAbsent : value;
  }
}
