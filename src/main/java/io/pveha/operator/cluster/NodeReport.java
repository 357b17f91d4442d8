package io.pveha.operator.cluster;

import io.fabric8.kubernetes.api.model.Condition;
import io.pveha.api.v1alpha1.ConditionStatus;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.core.cluster.Belief;
import io.pveha.core.health.NodeCondition;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.Verdict;
import java.time.Instant;
import java.util.List;

/** Writes what is found about a node beside what other controllers say of it. */
final class NodeReport {

  private NodeReport() {}

  /** Conditions of other controllers, and their times of transition, stay. */
  static List<Condition> merged(List<NodeCondition> found, List<Condition> before, Instant now) {
    Conditions own = new Conditions();
    found.forEach(
        condition ->
            own.set(
                NodeConditionType.valueOf(condition.aspect().name()).text(),
                status(condition.status()),
                Verdict.reason(condition.reason()),
                condition.message()));
    return own.mergedInto(before, null, now);
  }

  static ConditionStatus status(Belief belief) {
    return switch (belief) {
      case YES -> ConditionStatus.TRUE;
      case NO -> ConditionStatus.FALSE;
      case UNKNOWN -> ConditionStatus.UNKNOWN;
    };
  }
}
