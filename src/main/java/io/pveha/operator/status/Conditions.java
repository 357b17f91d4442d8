package io.pveha.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionStatus;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.PlainText;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Conditions as one look found them, to be merged into those of the last look. */
public final class Conditions {

  private final Map<String, Condition> found = new LinkedHashMap<>();

  /** Says what holds; the last word on a type counts. */
  public Conditions set(
      ConditionType type, ConditionStatus status, ConditionReason reason, String message) {
    return set(type.text(), status, reason, message);
  }

  /** The same for conditions of nodes. */
  public Conditions set(
      String type, ConditionStatus status, ConditionReason reason, String message) {
    found.put(
        type,
        new ConditionBuilder()
            .withType(type)
            .withStatus(status.text())
            .withReason(reason.text())
            .withMessage(PlainText.of(message, PlainText.LONGEST_MESSAGE))
            .build());
    return this;
  }

  public Conditions isTrue(ConditionType type, ConditionReason reason, String message) {
    return set(type, ConditionStatus.TRUE, reason, message);
  }

  public Conditions isFalse(ConditionType type, ConditionReason reason, String message) {
    return set(type, ConditionStatus.FALSE, reason, message);
  }

  public Conditions isUnknown(ConditionType type, ConditionReason reason, String message) {
    return set(type, ConditionStatus.UNKNOWN, reason, message);
  }

  /** Those of these types that a status has; what was never told stays untold. */
  public static Stream<ConditionType> told(List<Condition> status, ConditionType... types) {
    return Stream.of(types)
        .filter(type -> status.stream().anyMatch(c -> c.getType().equals(type.text())));
  }

  /** Whether this look found that it holds. */
  public boolean holds(ConditionType type) {
    return get(type).filter(found -> found.getStatus().equals("True")).isPresent();
  }

  public Optional<Condition> get(ConditionType type) {
    return Optional.ofNullable(found.get(type.text()));
  }

  /**
   * The one merge function: a condition whose status is unchanged keeps its transition time; one
   * that this look says nothing about stays as it is.
   */
  public List<Condition> mergedInto(List<Condition> former, Long generation, Instant now) {
    Map<String, Condition> merged = new LinkedHashMap<>();
    former.forEach(condition -> merged.put(condition.getType(), condition));
    found.forEach(
        (type, condition) -> merged.put(type, merge(merged.get(type), condition, generation, now)));
    return new ArrayList<>(merged.values());
  }

  /** Since when it has been so: now, if what is written there can't be read or is yet to come. */
  public static Instant since(Condition condition, Instant now) {
    return written(condition).filter(since -> !since.isAfter(now)).orElse(now);
  }

  private static Optional<Instant> written(Condition condition) {
    try {
      return Optional.ofNullable(condition.getLastTransitionTime()).map(Instant::parse);
    } catch (DateTimeParseException unreadable) {
      return Optional.empty();
    }
  }

  private static Condition merge(Condition former, Condition found, Long generation, Instant now) {
    boolean same =
        former != null
            && found.getStatus().equals(former.getStatus())
            && written(former).filter(since -> !since.isAfter(now)).isPresent();
    return new ConditionBuilder(found)
        .withObservedGeneration(generation)
        .withLastTransitionTime(
            same ? former.getLastTransitionTime() : now.truncatedTo(ChronoUnit.SECONDS).toString())
        .build();
  }
}
