package io.pveha.core.resource;

import io.pveha.core.cluster.NodeName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a guest is to be kept available.
 *
 * @param sid as in {@code ct:100}
 * @param state in Proxmox's words
 * @param failback whether Proxmox moves it back to a preferred node as soon as that is up
 */
public record WantedResource(
    String sid,
    String state,
    int maxRestart,
    int maxRelocate,
    boolean failback,
    Placement placement) {

  /**
   * Where it may run.
   *
   * @param nodes with priorities, higher preferred; empty means any
   * @param strict never elsewhere
   * @param followReplicas only where the guest is and where copies of its disks are
   * @param maxReplicaAge how old a copy may be; empty means any age
   * @param together ids of resources that run on the same node
   * @param apart ids of resources that never do
   */
  public record Placement(
      List<Preference> nodes,
      boolean strict,
      boolean followReplicas,
      Optional<Duration> maxReplicaAge,
      List<String> together,
      List<String> apart) {

    public Placement {
      nodes = List.copyOf(nodes);
      together = List.copyOf(together);
      apart = List.copyOf(apart);
    }

    /** Without regard to other resources. */
    public Placement(List<Preference> nodes, boolean strict, boolean followReplicas) {
      this(nodes, strict, followReplicas, Optional.empty(), List.of(), List.of());
    }
  }

  /** A node and how much it is preferred. */
  public record Preference(NodeName node, int priority) {}

  /** Name of the rule that keeps it together with others, or apart from them. */
  public String affinityName(boolean positive) {
    return placementName() + (positive ? "-together" : "-apart");
  }

  /** Name of the rule or group that we make for it. */
  public String placementName() {
    return "pveha-" + sid.replace(':', '-');
  }
}
