package io.pveha.simulator.machine;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What corosync tells a node.
 *
 * @param clustered false on a stand-alone node, which counts as quorate
 * @param members names of the nodes it sees, itself included
 * @param quorate whether they have the quorum
 * @param votes of the members, with those of a quorum device
 * @param expectedVotes of all nodes, with those of a quorum device
 */
public record Membership(
    boolean clustered, SortedSet<String> members, boolean quorate, int votes, int expectedVotes) {

  public Membership {
    members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
  }

  /** Whether this node sees {@code node} as member. */
  public boolean isOnline(String node) {
    return members.contains(node);
  }

  /** Votes that a partition needs. */
  public int quorum() {
    return expectedVotes / 2 + 1;
  }
}
