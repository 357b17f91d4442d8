package io.pveha.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.core.plan.Count;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Severity;
import java.util.List;
import java.util.stream.Collectors;

/** How an object is on the whole: Ready, Reconciling and Stalled, as kstatus reads them. */
public final class Verdict {

  private Verdict() {}

  /** All is as specified. */
  public static void ready(Conditions conditions, ConditionReason reason, String message) {
    conditions
        .isTrue(ConditionType.READY, reason, message)
        .isFalse(ConditionType.RECONCILING, reason, message)
        .isFalse(ConditionType.STALLED, reason, message);
  }

  /** It is at work, or waits for something that will come. */
  public static void reconciling(Conditions conditions, ConditionReason reason, String message) {
    conditions
        .isFalse(ConditionType.READY, reason, message)
        .isTrue(ConditionType.RECONCILING, reason, message)
        .isFalse(ConditionType.STALLED, reason, message);
  }

  /** A person must act. */
  public static void stalled(Conditions conditions, ConditionReason reason, String message) {
    conditions
        .isFalse(ConditionType.READY, reason, message)
        .isFalse(ConditionType.RECONCILING, reason, message)
        .isTrue(ConditionType.STALLED, reason, message);
  }

  /**
   * It can't be looked at: what was known of it is known no more.
   *
   * @param known the conditions that were told so far; one that never was stays untold
   * @param types those that nobody can tell now
   */
  public static void outOfSight(
      Conditions conditions,
      List<Condition> known,
      ConditionReason reason,
      String message,
      ConditionType... types) {
    if (reason == ConditionReason.CLUSTER_TAKEN) {
      stalled(conditions, reason, message);
    } else {
      reconciling(conditions, reason, message);
    }
    Conditions.told(known, types).forEach(type -> conditions.isUnknown(type, reason, message));
  }

  /**
   * The verdict on a plan.
   *
   * @param whenDone what to say when nothing is left to do
   */
  public static void of(Plan<?> plan, boolean observeOnly, Conditions conditions, String whenDone) {
    List<Finding> blocking = of(plan, Severity.BLOCKS);
    List<Finding> delaying = of(plan, Severity.DELAYS);
    if (!blocking.isEmpty()) {
      stalled(conditions, blocking.get(0).reason(), sentences(blocking));
    } else if (observeOnly && (delaying.isEmpty() || hasSteps(plan))) {
      int steps = plan.now().size() + plan.later().size();
      ready(
          conditions,
          ConditionReason.OBSERVED,
          steps == 0
              ? "Nothing differs from the spec."
              : "Observe mode: %s planned.".formatted(Count.of(steps, "change")));
    } else if (!delaying.isEmpty()) {
      reconciling(conditions, delaying.get(0).reason(), sentences(delaying));
    } else if (hasSteps(plan)) {
      reconciling(
          conditions,
          ConditionReason.IN_PROGRESS,
          (plan.now().isEmpty() ? plan.later() : plan.now()).get(0).sentence());
    } else {
      ready(conditions, ConditionReason.AS_SPECIFIED, whenDone);
    }
  }

  private static boolean hasSteps(Plan<?> plan) {
    return !plan.now().isEmpty() || !plan.later().isEmpty();
  }

  private static List<Finding> of(Plan<?> plan, Severity severity) {
    return plan.findings().stream().filter(finding -> finding.severity() == severity).toList();
  }

  private static String sentences(List<Finding> findings) {
    return findings.stream()
        .map(Finding::message)
        .distinct()
        .limit(5)
        .collect(Collectors.joining(" "));
  }
}
