package io.pveha.core.resource;

import io.pveha.core.cluster.NodeName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * What Proxmox says of an HA resource and of placement.
 *
 * @param members members of the home site, then of other sites
 * @param remote members that are not at the home site
 * @param placedBy how this cluster says where guests run
 * @param resource the resource of the wanted id
 * @param entries all node-affinity rules, or all groups
 * @param replicas nodes that hold a replica, and the guest's own; empty without replication
 * @param affinities rules between resources
 * @param managed ids of all resources under HA
 */
public record ResourceFacts(
    List<NodeName> members,
    Set<NodeName> remote,
    PlacedBy placedBy,
    Optional<Resource> resource,
    List<Entry> entries,
    Set<NodeName> replicas,
    List<Affinity> affinities,
    Set<String> managed) {

  public ResourceFacts {
    members = List.copyOf(members);
    entries = List.copyOf(entries);
    affinities = List.copyOf(affinities);
    managed = Set.copyOf(managed);
  }

  /** A rule between resources: on one node, or on different ones. */
  public record Affinity(String name, Set<String> sids, boolean positive, boolean disabled) {}

  /** How a cluster says where guests run. */
  public enum PlacedBy {
    /** 8.x: a resource points to a group, which must exist before. */
    GROUPS,
    /** 9.x: a rule names resources, which must exist before. */
    RULES,
    /** 9.x while groups become rules: neither may be written. */
    MIGRATING,
    /** Nobody knows yet. */
    UNKNOWN
  }

  /**
   * A resource as configured.
   *
   * @param failback empty where resources have no such setting (8.x)
   */
  public record Resource(
      String state,
      int maxRestart,
      int maxRelocate,
      Optional<Boolean> failback,
      Optional<String> group) {}

  /**
   * A node-affinity rule or a group.
   *
   * @param sids resources that it places
   * @param nodes with priorities
   * @param failback for groups; true for rules
   */
  public record Entry(
      String name,
      Set<String> sids,
      SortedMap<String, Integer> nodes,
      boolean strict,
      boolean failback,
      boolean disabled) {}
}
