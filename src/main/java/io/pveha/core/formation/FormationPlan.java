package io.pveha.core.formation;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Plan;
import java.util.List;
import java.util.Optional;

/**
 * How far the cluster is, and what comes next.
 *
 * @param firstNode where the cluster is or was created; to be saved before the create is asked
 * @param joining the node that joins now
 * @param members wanted nodes that are members, in wanted order
 */
public record FormationPlan(
    Phase phase,
    Optional<NodeName> firstNode,
    Optional<NodeName> joining,
    List<NodeName> members,
    Plan<FormationStep> plan) {

  public FormationPlan {
    members = List.copyOf(members);
  }

  /** Whether a step of ours may have made this node restart its services. */
  public boolean mayRestart(NodeName node) {
    return phase == Phase.CREATING && firstNode.filter(node::equals).isPresent()
        || joining.filter(node::equals).isPresent();
  }

  /** How far the cluster is. */
  public enum Phase {
    /** No cluster yet, and none is being created; left when the create is asked. */
    PENDING,
    /** The create is asked; left when the first node reports the cluster. */
    CREATING,
    /** The cluster is there, nodes are missing; left when the last one is a member. */
    JOINING,
    /** All wanted nodes are members. */
    FORMED
  }
}
