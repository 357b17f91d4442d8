package io.pveha.simulator.machine;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Cables and switches. A conversation needs both directions; corosync may use any link that both
 * nodes have, everything else uses the first.
 */
public final class Network {

  private final Installation world;
  private final Set<String> deafNodes = new HashSet<>();
  private final Set<String> muteNodes = new HashSet<>();
  private final Set<String> cutPairs = new HashSet<>();
  private final Set<String> deadLinks = new HashSet<>();

  Network(Installation world) {
    this.world = world;
  }

  /** What reaches the node. */
  public void setIncoming(String node, boolean works) {
    change(deafNodes, node, works);
  }

  /** What the node sends. */
  public void setOutgoing(String node, boolean works) {
    change(muteNodes, node, works);
  }

  /** What two nodes tell each other. */
  public void setBetween(String one, String other, boolean works) {
    change(cutPairs, pair(one, other), works);
  }

  /** One of the node's corosync links. */
  public void setLink(String node, int link, boolean works) {
    change(deadLinks, node + "/" + link, works);
  }

  /** Whether clients can hold a conversation with the node, when it is on. */
  public boolean isConnected(String node) {
    return !deafNodes.contains(node) && !muteNodes.contains(node);
  }

  /** Whether this link of the node works. */
  public boolean isLinkUp(String node, int link) {
    return isConnected(node) && !deadLinks.contains(node + "/" + link);
  }

  boolean canTalk(Machine one, Machine other) {
    return areConnected(one, other) && isLinkUp(one.name(), 0) && isLinkUp(other.name(), 0);
  }

  boolean canHeartbeat(Machine one, Machine other, Predicate<Integer> hasLink) {
    if (!areConnected(one, other)) {
      return false;
    }
    for (int link = 0; link < 8; link++) {
      if (hasLink.test(link) && isLinkUp(one.name(), link) && isLinkUp(other.name(), link)) {
        return true;
      }
    }
    return false;
  }

  private boolean areConnected(Machine one, Machine other) {
    return isConnected(one.name())
        && isConnected(other.name())
        && !cutPairs.contains(pair(one.name(), other.name()))
        && one.isPowered()
        && other.isPowered();
  }

  private void change(Set<String> broken, String what, boolean works) {
    boolean changed = works ? broken.remove(what) : broken.add(what);
    if (changed) {
      world.corosync().reconsider();
    }
  }

  private static String pair(String one, String other) {
    return one.compareTo(other) < 0 ? one + "|" + other : other + "|" + one;
  }
}
