package io.pveha.core.resource;

import io.pveha.core.cluster.NodeName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a guest is to be kept available.
 *
 * @param sid as in {@code ct:100}
 * @param state in Proxmox's words
 * @param failback whether Proxmox moves it back to a preferred node as soon as that is up
 * @param neighbours all HaResources of the cluster that concern it, this one too
 */
public record WantedResource(
    String sid,
    String state,
    int maxRestart,
    int maxRelocate,
    boolean failback,
    Placement placement,
    List<Neighbour> neighbours) {

  private static final Pattern OUR_NAME = Pattern.compile("pveha-(ct|vm)-([0-9]+)(?:-.*)?");

  public WantedResource {
    neighbours = List.copyOf(neighbours);
  }

  /** One of which no neighbours are known. */
  public WantedResource(
      String sid,
      String state,
      int maxRestart,
      int maxRelocate,
      boolean failback,
      Placement placement) {
    this(sid, state, maxRestart, maxRelocate, failback, placement, List.of());
  }

  /**
   * Another HaResource of the cluster, as far as it concerns this one.
   *
   * @param name of the object
   * @param ranked whether the nodes of its placement have different priorities
   * @param company ids that it is to be together with, or apart from
   */
  public record Neighbour(String name, String sid, boolean ranked, Set<String> company) {

    public Neighbour {
      company = Set.copyOf(company);
    }

    /** Name of the rule that we make for it. */
    String ruleName() {
      return WantedResource.placementName(sid);
    }
  }

  /** The object of this id; empty when there is none. */
  Optional<Neighbour> neighbour(String id) {
    return neighbours.stream().filter(other -> other.sid().equals(id)).findFirst();
  }

  /** Whether another object asks to be together with it, or apart from it. */
  boolean isWantedByOthers() {
    return neighbours.stream().anyMatch(other -> other.company().contains(sid));
  }

  /** The id, with the name of its object where there is one. */
  String called(String id) {
    return neighbour(id).map(other -> "HaResource %s (%s)".formatted(other.name(), id)).orElse(id);
  }

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
    return placementName(sid);
  }

  /** The resource that we made a rule or group of this name for; empty for names of others. */
  public static Optional<String> sidOfRule(String name) {
    Matcher matcher = OUR_NAME.matcher(name);
    return matcher.matches()
        ? Optional.of(matcher.group(1) + ":" + matcher.group(2))
        : Optional.empty();
  }

  private static String placementName(String sid) {
    return "pveha-" + sid.replace(':', '-');
  }
}
