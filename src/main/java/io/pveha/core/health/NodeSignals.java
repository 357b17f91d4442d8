package io.pveha.core.health;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeFacts;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.PoolName;
import io.pveha.core.cluster.StorageId;
import java.util.Optional;
import java.util.Set;

/**
 * All that is known of one node, from which its conditions follow.
 *
 * @param problem why its own API did not answer in the last round; empty when it did
 * @param member whether the quorate part counts it in
 * @param agent what its HA agent wrote last; empty while that is not known
 * @param haState its state in the words of the HA master: online, maintenance, unknown, fence, gone
 * @param maintenance whether it is in Proxmox's own maintenance mode
 * @param expectedPools pools that storage entries name for this node
 * @param expectedStorages storage entries that name this node
 */
public record NodeSignals(
    NodeName node,
    Optional<ConditionReason> problem,
    Belief member,
    Optional<Heartbeat> agent,
    Optional<String> haState,
    boolean maintenance,
    NodeFacts facts,
    Set<PoolName> expectedPools,
    Set<StorageId> expectedStorages) {

  public NodeSignals {
    expectedPools = Set.copyOf(expectedPools);
    expectedStorages = Set.copyOf(expectedStorages);
  }
}
