package io.pveha.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Unmodifiable copies of what came out of JSON, where absent, null and empty mean the same. Whoever
 * may write a status may have written it: a row that lacks what every row has is left out.
 */
final class Copies {

  /** The reason of a condition that was written without one. */
  private static final String UNSPECIFIED = "Unspecified";

  private Copies() {}

  static <T> List<T> of(List<T> list) {
    return of(list, any -> true);
  }

  /** Those rows that are whole. */
  static <T> List<T> of(List<T> list, Predicate<T> isWhole) {
    return list == null
        ? List.of()
        : list.stream().filter(Objects::nonNull).filter(isWhole).toList();
  }

  /** Null if it is not whole. */
  static <T> T onlyIf(T value, Predicate<T> isWhole) {
    return value != null && isWhole.test(value) ? value : null;
  }

  /** Whether none of these is absent, and no text is blank. */
  static boolean areTold(Object... values) {
    return Stream.of(values)
        .allMatch(value -> value != null && !(value instanceof String text && text.isBlank()));
  }

  /** Words of others, or with such in them, on one line. */
  static String words(String text) {
    return PlainText.of(text, PlainText.LONGEST_MESSAGE);
  }

  /** Null if nothing is written there. */
  static String text(String text) {
    return text == null || text.isBlank() ? null : text;
  }

  /** The texts that say something. */
  static List<String> texts(List<String> list) {
    return of(list, text -> !text.isBlank());
  }

  /** Conditions with type, status, reason and message; a status that is none is Unknown. */
  static List<Condition> conditions(List<Condition> list) {
    return of(list, condition -> areTold(condition.getType())).stream().map(Copies::whole).toList();
  }

  private static Condition whole(Condition condition) {
    boolean known =
        Arrays.stream(ConditionStatus.values())
            .anyMatch(status -> status.text().equals(condition.getStatus()));
    if (known && condition.getReason() != null && condition.getMessage() != null) {
      return condition;
    }
    return new ConditionBuilder(condition)
        .withStatus(known ? condition.getStatus() : ConditionStatus.UNKNOWN.text())
        .withReason(orElse(condition.getReason(), UNSPECIFIED))
        .withMessage(orElse(condition.getMessage(), ""))
        .build();
  }

  /** Sorted by key, so that the same input is written in the same order. */
  static Map<String, String> of(Map<String, String> map) {
    return map == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
  }

  static <T> T orElse(T value, T whenAbsent) {
    return value == null ? whenAbsent : value;
  }
}
