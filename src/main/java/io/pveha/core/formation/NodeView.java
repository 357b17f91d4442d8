package io.pveha.core.formation;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import java.util.List;
import java.util.Optional;

/**
 * What came of asking one node for itself and for its view of the cluster.
 *
 * @param problem why it could not be asked; empty when it answered
 * @param answer what it said; empty when it could not be asked
 */
public record NodeView(Optional<Problem> problem, Optional<Answer> answer) {

  public static NodeView unreachable(ConditionReason reason, String message) {
    return new NodeView(Optional.of(new Problem(reason, message)), Optional.empty());
  }

  public static NodeView answered(Answer answer) {
    return new NodeView(Optional.empty(), Optional.of(answer));
  }

  /**
   * Why a node could not be asked.
   *
   * @param message names the field at fault and the next step
   */
  public record Problem(ConditionReason reason, String message) {}

  /**
   * A node's own view.
   *
   * @param self what the node calls itself
   * @param clusterName empty when it is in no cluster
   * @param quorate whether it holds the quorum; true when it is in no cluster
   * @param members itself only, when it is in no cluster
   * @param guests how many guests it has itself
   * @param busy whether a task that creates or joins a cluster runs on it
   */
  public record Answer(
      NodeName self,
      Optional<String> clusterName,
      boolean quorate,
      List<Member> members,
      int guests,
      boolean busy) {

    public Answer {
      members = List.copyOf(members);
    }

    public boolean lists(NodeName name) {
      return members.stream().anyMatch(member -> member.name().equals(name));
    }

    public boolean seesOnline(NodeName name) {
      return members.stream().anyMatch(member -> member.name().equals(name) && member.online());
    }
  }

  /** A row of a node's membership list. */
  public record Member(NodeName name, boolean online) {}
}
