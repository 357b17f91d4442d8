package io.pveha.core.health;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A replica on a node that holds it for others.
 *
 * @param node that holds it
 * @param rpoMet whether it is as young as its owner wants; empty when that is not known or wanted
 */
public record HeldReplica(NodeName node, int vmid, Optional<Boolean> rpoMet) {

  /** What the replicas on a node come to; empty for a node that holds none. */
  public static Optional<NodeCondition> judge(NodeName node, Collection<HeldReplica> replicas) {
    List<HeldReplica> held =
        replicas.stream().filter(replica -> replica.node().equals(node)).toList();
    if (held.isEmpty()) {
      return Optional.empty();
    }
    String late =
        held.stream()
            .filter(replica -> replica.rpoMet().filter(met -> !met).isPresent())
            .map(HeldReplica::vmid)
            .distinct()
            .sorted()
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    return Optional.of(
        late.isEmpty()
            ? new NodeCondition(
                NodeConditionType.REPLICAS_FRESH,
                Belief.YES,
                ConditionReason.WITHIN_RPO,
                "No replica on %s is older than its rpoSeconds.".formatted(node))
            : new NodeCondition(
                NodeConditionType.REPLICAS_FRESH,
                Belief.NO,
                ConditionReason.RPO_MISSED,
                "%s: replica of guest %s is older than rpoSeconds; check its ReplicationJob."
                    .formatted(node, late)));
  }
}
