package io.pveha.core.resource;

import io.pveha.core.cluster.NodeName;
import java.util.List;

/**
 * How a guest is to be kept available.
 *
 * @param sid as in {@code ct:100}
 * @param state in Proxmox's words
 * @param failback whether Proxmox moves it back to a preferred node as soon as that is up
 */
public record WantedResource(
    String sid, String state, int maxRestart, int maxRelocate, boolean failback, Placement placement) {

  /**
   * Where it may run.
   *
   * @param nodes with priorities, higher preferred; empty means any
   * @param strict never elsewhere
   * @param followReplicas prefer nodes that hold a replica, if no nodes are given
   */
  public record Placement(List<Preference> nodes, boolean strict, boolean followReplicas) {

    public Placement {
      nodes = List.copyOf(nodes);
    }
  }

  /** A node and how much it is preferred. */
  public record Preference(NodeName node, int priority) {}

  /** Name of the rule or group that we make for it. */
  public String placementName() {
    return "pveha-" + sid.replace(':', '-');
  }
}
