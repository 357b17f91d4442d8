package io.pveha.core.cluster;

import java.util.List;
import java.util.Optional;

/**
 * Who is a member, as one node sees it. In a minority partition the majority is shown offline, so
 * one view alone proves no loss.
 *
 * @param self the node that answers
 * @param clusterName empty when it is in no cluster
 * @param quorate whether it holds the quorum; true when it is in no cluster
 * @param members all that it lists, itself too
 */
public record MembershipView(
    NodeName self, Optional<String> clusterName, boolean quorate, List<Member> members) {

  public MembershipView {
    members = List.copyOf(members);
  }

  public boolean isStandalone() {
    return clusterName.isEmpty();
  }

  public boolean lists(NodeName node) {
    return members.stream().anyMatch(member -> member.name().equals(node));
  }

  public boolean seesOnline(NodeName node) {
    return members.stream().anyMatch(member -> member.name().equals(node) && member.online());
  }

  /**
   * A row of the membership list.
   *
   * @param ip address in the cluster's network; empty when not told
   */
  public record Member(NodeName name, int nodeId, String ip, boolean online) {}
}
