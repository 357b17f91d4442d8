package io.pveha.core.safety;

import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Severity;
import io.pveha.core.plan.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A plan in which the steps wait that are not permitted now.
 *
 * @param refusals why they wait, gravest first, each said once
 */
public record PermittedPlan<T extends Step>(Plan<T> plan, List<Finding> refusals) {

  public PermittedPlan {
    refusals = List.copyOf(refusals);
  }

  /** Asks the permit for each step that would be taken now. */
  public static <T extends Step> PermittedPlan<T> of(
      Plan<T> plan, WritePermit permit, Instant now) {
    List<T> permitted = new ArrayList<>();
    List<T> waiting = new ArrayList<>();
    List<Finding> refusals = new ArrayList<>();
    for (T step : plan.now()) {
      Optional<Finding> refusal = permit.refusal(step, now);
      refusal.ifPresent(refusals::add);
      (refusal.isEmpty() ? permitted : waiting).add(step);
    }
    waiting.addAll(plan.later());
    return new PermittedPlan<>(
        new Plan<>(permitted, waiting, plan.pending(), plan.findings(), plan.lookAgain()),
        refusals.stream().distinct().sorted(Comparator.comparing(Finding::severity)).toList());
  }

  /** Those of {@link #refusals} that an owner is told of: they do not pass in a moment. */
  public List<Finding> told() {
    return refusals.stream().filter(why -> why.severity() != Severity.INFORMS).toList();
  }
}
