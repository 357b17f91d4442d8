package io.pveha.operator.steps;

import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Severity;
import io.pveha.core.plan.Step;
import io.pveha.core.safety.AbsenceGuard;
import io.pveha.core.safety.Sight;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A plan without the steps that rest on what is not proven: they wait.
 *
 * @param refusals why, gravest first
 */
record Guarded<T extends Step>(Plan<T> plan, List<Finding> refusals) {

  private static final int MOST_TOLD = 5;

  static <T extends Step> Guarded<T> of(Plan<T> plan, Sight sight) {
    List<T> now = new ArrayList<>();
    List<T> later = new ArrayList<>();
    List<Finding> refusals = new ArrayList<>();
    for (T step : plan.now()) {
      Optional<Finding> doubt = AbsenceGuard.doubt(step, sight);
      doubt.ifPresent(refusals::add);
      (doubt.isEmpty() ? now : later).add(step);
    }
    later.addAll(plan.later());
    refusals.sort(Comparator.comparing(Finding::severity));
    return new Guarded<>(
        new Plan<>(now, later, plan.pending(), plan.findings(), plan.lookAgain()), refusals);
  }

  /** Says why steps wait. */
  void judge(Conditions conditions) {
    if (refusals.isEmpty()) {
      return;
    }
    Finding first = refusals.get(0);
    String message =
        refusals.stream().limit(MOST_TOLD).map(Finding::message).collect(Collectors.joining(" "));
    if (first.severity() == Severity.BLOCKS) {
      Verdict.stalled(conditions, first.reason(), message);
    } else {
      Verdict.reconciling(conditions, first.reason(), message);
    }
  }
}
