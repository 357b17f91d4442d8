package io.pveha.core.health;

import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How the nodes of a cluster are now.
 *
 * @param unsure why nothing may be concluded; empty when the members that were asked agree
 * @param quorate whether the members online may write
 * @param votesNeeded fewest votes that are quorate
 * @param deviceVotes votes of an external quorum device
 */
public record HealthView(
    List<Node> nodes, Optional<String> unsure, boolean quorate, int votesNeeded, int deviceVotes) {

  public HealthView {
    nodes = nodes.stream().sorted(Comparator.comparing(Node::name)).toList();
  }

  /**
   * A member.
   *
   * @param online whether the quorate part counts it in
   * @param maintenance whether it is emptied by order
   * @param conditions ours and those that others told
   */
  public record Node(
      NodeName name, Belief online, boolean maintenance, int votes, List<Condition> conditions) {

    public Node {
      conditions = List.copyOf(conditions);
    }

    /**
     * Whether it is unknown only since the operator is denied access there, or can't identify its
     * peer. That is no reason to do anything about the node, whatever a rule asks for.
     */
    boolean isOwnTrouble(Condition condition) {
      return condition.status() == Belief.UNKNOWN
          && NodeConditionType.of(condition.type()).isPresent()
          && condition(NodeConditionType.REACHABLE.text())
              .filter(reachable -> reachable.status() == Belief.UNKNOWN)
              .isPresent();
    }

    Optional<Condition> condition(String type) {
      return conditions.stream().filter(condition -> condition.type().equals(type)).findFirst();
    }
  }

  /**
   * A condition of a node.
   *
   * @param since when it got its status
   */
  public record Condition(String type, Belief status, Instant since, String message) {}
}
