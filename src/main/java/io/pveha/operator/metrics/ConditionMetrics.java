package io.pveha.operator.metrics;

import io.fabric8.kubernetes.api.model.Condition;
import io.micrometer.core.instrument.Tags;
import io.pveha.api.v1alpha1.ConditionStatus;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.api.v1alpha1.ReportedStatus;
import io.pveha.core.cluster.Belief;
import io.pveha.core.health.NodeCondition;
import io.pveha.operator.metrics.ClusterTotals.Total;
import io.pveha.operator.status.ConditionMeaning;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Conditions: one series for each that is not as wanted, and sums. */
final class ConditionMetrics {

  private ConditionMetrics() {}

  /** The conditions that are known not to be as wanted; to be at work is no fault. */
  static List<Sample> of(ObjectRef object, ReportedStatus<?> status) {
    Tags tags = Tags.of("namespace", object.namespace(), "name", object.name());
    return status.conditions().stream()
        .filter(condition -> !condition.getType().equals(ConditionType.RECONCILING.text()))
        .filter(ConditionMeaning::isAmiss)
        .map(condition -> sample("pveha.condition", tags.and("kind", object.kind()), condition))
        .toList();
  }

  /** The conditions of a node that are not as wanted, or not known. */
  static List<Sample> ofNode(Tags node, List<Condition> conditions) {
    return conditions.stream()
        .filter(condition -> !isUsual(condition))
        .map(condition -> sample("pveha.node.condition", node, condition))
        .toList();
  }

  /** What an object adds to its cluster: whether it is Ready, and what is ahead. */
  static Map<Total, Integer> totals(ObjectRef object, Tags cluster, ReportedStatus<?> status) {
    Tags tags = cluster.and("kind", object.kind());
    ConditionStatus ready =
        isTrue(status, ConditionType.READY)
            .map(is -> is ? ConditionStatus.TRUE : ConditionStatus.FALSE)
            .orElse(ConditionStatus.UNKNOWN);
    Map<Total, Integer> totals = new HashMap<>();
    for (ConditionStatus each : ConditionStatus.values()) {
      totals.put(new Total("pveha.objects", tags.and("ready", each.text())), each == ready ? 1 : 0);
    }
    totals.put(new Total("pveha.planned.changes", tags), status.plannedChanges().size());
    return totals;
  }

  /** Whether the condition is true; empty when unknown. */
  static Optional<Boolean> isTrue(ReportedStatus<?> status, ConditionType type) {
    return status.conditions().stream()
        .filter(condition -> condition.getType().equals(type.text()))
        .map(Condition::getStatus)
        .filter(word -> !word.equals(ConditionStatus.UNKNOWN.text()))
        .map(ConditionStatus.TRUE.text()::equals)
        .findFirst();
  }

  private static boolean isUsual(Condition condition) {
    return NodeConditionType.of(condition.getType())
        .map(
            type ->
                NodeCondition.isBad(type, Belief.NO) ? ConditionStatus.TRUE : ConditionStatus.FALSE)
        .filter(usual -> usual.text().equals(condition.getStatus()))
        .isPresent();
  }

  private static Sample sample(String name, Tags tags, Condition condition) {
    return Sample.of(
        name, tags.and("type", condition.getType(), "status", condition.getStatus()), 1);
  }
}
