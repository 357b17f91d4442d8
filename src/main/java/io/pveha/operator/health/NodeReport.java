package io.pveha.operator.health;

import io.fabric8.kubernetes.api.model.Condition;
import io.pveha.api.v1alpha1.ConditionStatus;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.health.HealthView;
import io.pveha.core.health.NodeCondition;
import io.pveha.operator.status.Conditions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Writes what is found about a node, and reads that and what others say of it. */
final class NodeReport {

  private NodeReport() {}

  /** What is not found now, and times of transition, stay. */
  static List<Condition> merged(List<NodeCondition> found, List<Condition> before, Instant now) {
    Conditions own = new Conditions();
    found.forEach(
        condition ->
            own.set(
                condition.type().text(),
                status(condition.status()),
                condition.reason(),
                condition.message()));
    return own.mergedInto(before, null, now);
  }

  private static ConditionStatus status(Belief belief) {
    return switch (belief) {
      case YES -> ConditionStatus.TRUE;
      case NO -> ConditionStatus.FALSE;
      case UNKNOWN -> ConditionStatus.UNKNOWN;
    };
  }

  /** What rules speak of. */
  static HealthView.Condition read(NodeName node, Condition condition, Instant now) {
    return new HealthView.Condition(
        condition.getType(),
        Arrays.stream(ConditionStatus.values())
            .filter(status -> status.text().equals(condition.getStatus()))
            .findFirst()
            .map(HealthStatusMapper::belief)
            .orElse(Belief.UNKNOWN),
        Conditions.since(condition, now),
        message(node, condition));
  }

  private static String message(NodeName node, Condition condition) {
    boolean ours =
        Arrays.stream(NodeConditionType.values())
            .anyMatch(type -> type.text().equals(condition.getType()));
    return ours
        ? condition.getMessage()
        : "%s: %s is %s%s"
            .formatted(
                node,
                condition.getType(),
                condition.getStatus(),
                condition.getMessage() == null || condition.getMessage().isBlank()
                    ? "."
                    : ": " + condition.getMessage());
  }
}
