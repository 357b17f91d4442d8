package io.pveha.operator.cluster;

import io.fabric8.kubernetes.api.model.Condition;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Node;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Quorum;
import io.pveha.core.cluster.NodeName;
import io.pveha.operator.connection.AccessProblem;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cluster of which nobody answers: what it is made of is known, and how it is now is not. */
final class UnreachableCluster {

  private UnreachableCluster() {}

  /** What was known, without what may have changed since. */
  static ProxmoxClusterStatus status(
      ProxmoxClusterStatus former, Map<NodeName, List<Condition>> seen) {
    return former
        .withNodes(former.nodes().stream().map(node -> unseen(node, seen)).toList())
        .withQuorum(
            former.nodes().isEmpty() ? former.nodesOnline() : "?/" + former.nodes().size(),
            unseen(former.quorum()));
  }

  private static Node unseen(Node node, Map<NodeName, List<Condition>> seen) {
    return new Node(
        node.name(),
        node.nodeId(),
        node.address(),
        null,
        node.pveVersion(),
        node.votes(),
        node.site(),
        node.roles(),
        node.tlsFingerprint(),
        node.joinedAt(),
        Optional.ofNullable(seen.get(new NodeName(node.name()))).orElse(node.conditions()));
  }

  private static Quorum unseen(Quorum quorum) {
    return quorum == null
        ? null
        : new Quorum(
            null, null, quorum.expectedVotes(), quorum.votesNeeded(), null, quorum.device());
  }

  static void judge(AccessProblem problem, List<Condition> known, Conditions conditions) {
    Verdict.outOfSight(
        conditions,
        known,
        problem.reason(),
        problem.message(),
        ConditionType.PERMITTED,
        ConditionType.QUORATE,
        ConditionType.VOTES_SOUND,
        ConditionType.FAILOVER_READY,
        ConditionType.NODES_HEALTHY,
        ConditionType.EMPTIED);
    if (problem.reason() != ConditionReason.ENDPOINT_UNREACHABLE) {
      Verdict.stalled(conditions, problem.reason(), problem.message());
    }
    conditions.isFalse(ConditionType.CONNECTED, problem.reason(), problem.message());
  }
}
