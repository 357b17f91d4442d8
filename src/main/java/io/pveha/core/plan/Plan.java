package io.pveha.core.plan;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done, now and after that.
 *
 * @param now steps to take at once, in order; each is saved as pending before it is taken
 * @param later steps that wait for those of {@code now}, or for what is under way
 * @param pending what was asked and is still awaited, without the steps of {@code now}
 * @param findings what was noticed, gravest first
 * @param lookAgain when to plan again even if nothing changes; empty when only a change matters
 */
public record Plan<S extends Step>(
    List<S> now,
    List<S> later,
    List<PendingStep> pending,
    List<Finding> findings,
    Optional<Instant> lookAgain) {

  public Plan {
    now = List.copyOf(now);
    later = List.copyOf(later);
    pending = List.copyOf(pending);
    findings = findings.stream().sorted(java.util.Comparator.comparing(Finding::severity)).toList();
  }

  /** Plans of several planners as one. */
  public static Plan<Step> join(List<Plan<? extends Step>> plans) {
    return new Plan<>(
        plans.stream().<Step>flatMap(plan -> plan.now().stream()).toList(),
        plans.stream().<Step>flatMap(plan -> plan.later().stream()).toList(),
        plans.stream().flatMap(plan -> plan.pending().stream()).distinct().toList(),
        plans.stream().flatMap(plan -> plan.findings().stream()).toList(),
        plans.stream()
            .flatMap(plan -> plan.lookAgain().stream())
            .min(java.util.Comparator.naturalOrder()));
  }

  /** Whether nothing is left to do or to wait for. */
  public boolean isDone() {
    return now.isEmpty()
        && later.isEmpty()
        && pending.isEmpty()
        && findings.stream().noneMatch(finding -> finding.severity() != Severity.INFORMS);
  }

  /** The attempt that a step of {@code now} would be. */
  public int attempt(S step, Memory memory) {
    return memory.pending(step.key()).map(former -> former.attempt() + 1).orElse(1);
  }
}
