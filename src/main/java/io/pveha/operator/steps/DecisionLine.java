package io.pveha.operator.steps;

import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Severity;
import io.pveha.core.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One decision as the log tells it: what is done now, or why nothing is. */
final class DecisionLine {

  private DecisionLine() {}

  /**
   * The line; empty when nothing is to be done, which is no decision.
   *
   * @param refusals why steps are not permitted now
   */
  static Optional<String> of(Plan<?> plan, List<Finding> refusals) {
    if (plan.isDone() && refusals.isEmpty()) {
      return Optional.empty();
    }
    List<String> parts = new ArrayList<>();
    if (!plan.now().isEmpty()) {
      parts.add("takes " + sentences(plan.now()));
    }
    if (!plan.pending().isEmpty()) {
      parts.add(
          "awaits "
              + plan.pending().stream()
                  .map(step -> step.key().action() + " " + step.key().subject())
                  .collect(Collectors.joining(", ")));
    }
    if (!plan.later().isEmpty()) {
      parts.add("later " + sentences(plan.later()));
    }
    refusals.stream().map(DecisionLine::why).forEach(parts::add);
    plan.findings().stream()
        .filter(finding -> finding.severity() != Severity.INFORMS)
        .map(DecisionLine::why)
        .forEach(parts::add);
    return Optional.of(String.join("; ", parts));
  }

  private static String sentences(List<? extends Step> steps) {
    return steps.stream().map(Step::sentence).collect(Collectors.joining(" "));
  }

  private static String why(Finding finding) {
    return finding.reason() + ": " + finding.message();
  }
}
