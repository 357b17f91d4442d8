package io.pveha.core.resource;

import io.pveha.core.cluster.NodeName;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What Proxmox says of an HA resource and of placement.
 *
 * @param members members of the home site, then of other sites
 * @param remote members that are not at the home site
 * @param placedBy how this cluster says where guests run
 * @param resource the resource of the wanted id
 * @param entries all node-affinity rules, or all groups
 * @param copies where copies of the guest's disks are
 * @param keptAway nodes that take no new guests now, and why
 * @param affinities rules between resources
 * @param managed ids of all resources under HA
 */
public record ResourceFacts(
    List<NodeName> members,
    Set<NodeName> remote,
    PlacedBy placedBy,
    Optional<Resource> resource,
    List<Entry> entries,
    GuestCopies copies,
    SortedMap<NodeName, String> keptAway,
    List<Affinity> affinities,
    Set<String> managed) {

  public ResourceFacts {
    members = List.copyOf(members);
    entries = List.copyOf(entries);
    keptAway = Collections.unmodifiableSortedMap(new TreeMap<>(keptAway));
    affinities = List.copyOf(affinities);
    managed = Set.copyOf(managed);
  }

  /** Whether a rule between resources names it. */
  boolean isBoundToOthers(String sid) {
    return affinities.stream().anyMatch(rule -> !rule.disabled() && rule.sids().contains(sid));
  }

  /**
   * Whether another resource says where this one runs: Proxmox takes one node-affinity rule for
   * resources that are kept together, and the first of them has it.
   */
  boolean isPlacedByPartner(WantedResource wanted) {
    Stream<String> bound =
        affinities.stream()
            .filter(rule -> rule.positive() && !rule.disabled())
            .filter(rule -> rule.sids().contains(wanted.sid()))
            .flatMap(rule -> rule.sids().stream());
    return Stream.concat(bound, wanted.placement().together().stream())
        .anyMatch(other -> other.compareTo(wanted.sid()) < 0);
  }

  /**
   * What says where the resource runs, but is not understood: a rule or group that holds it, or has
   * the name of ours, with properties that this version does not know.
   */
  public Optional<Entry> foreignPlacement(WantedResource wanted) {
    return entries.stream()
        .filter(entry -> !entry.unknown().isEmpty())
        .filter(
            entry ->
                entry.sids().contains(wanted.sid()) || entry.name().equals(wanted.placementName()))
        .findFirst();
  }

  /**
   * A rule that keeps the resource off nodes, or has the name of ours and does so for others. It is
   * the word of whoever made it: following replicas, which names nodes, must not turn it around,
   * and Proxmox takes one rule for a resource.
   */
  public Optional<Entry> keptOff(WantedResource wanted) {
    return entries.stream()
        .filter(Entry::negative)
        .filter(
            entry ->
                entry.sids().contains(wanted.sid()) && !entry.disabled()
                    || entry.name().equals(wanted.placementName()))
        .findFirst();
  }

  /** The same of rules between resources. */
  Optional<Affinity> foreignAffinity(WantedResource wanted) {
    return affinities.stream()
        .filter(rule -> !rule.unknown().isEmpty())
        .filter(
            rule ->
                rule.sids().contains(wanted.sid())
                    || rule.name().equals(wanted.affinityName(true))
                    || rule.name().equals(wanted.affinityName(false)))
        .findFirst();
  }

  /**
   * A rule between resources: on one node, or on different ones.
   *
   * @param unknown properties of it that this version does not know; with any it is not ours to
   *     change
   */
  public record Affinity(
      String name,
      Set<String> sids,
      boolean positive,
      boolean disabled,
      SortedSet<String> unknown) {

    public Affinity {
      unknown = Collections.unmodifiableSortedSet(new TreeSet<>(unknown));
    }

    /** One that is understood whole. */
    public Affinity(String name, Set<String> sids, boolean positive, boolean disabled) {
      this(name, sids, positive, disabled, Collections.emptySortedSet());
    }
  }

  /** How a cluster says where guests run. */
  public enum PlacedBy {
    /** 8.x: a resource points to a group, which must exist before. */
    GROUPS,
    /** 9.x: a rule names resources, which must exist before. */
    RULES,
    /** 9.x while groups become rules: neither may be written. */
    MIGRATING,
    /** Not known yet. */
    UNKNOWN
  }

  /**
   * A resource as configured.
   *
   * @param failback empty where resources have no such setting (8.x)
   * @param unknown properties of it that this version does not know; with any it is not ours to
   *     change
   */
  public record Resource(
      String state,
      int maxRestart,
      int maxRelocate,
      Optional<Boolean> failback,
      Optional<String> group,
      SortedSet<String> unknown) {

    public Resource {
      unknown = Collections.unmodifiableSortedSet(new TreeSet<>(unknown));
    }

    /** One that is understood whole. */
    public Resource(
        String state,
        int maxRestart,
        int maxRelocate,
        Optional<Boolean> failback,
        Optional<String> group) {
      this(state, maxRestart, maxRelocate, failback, group, Collections.emptySortedSet());
    }
  }

  /**
   * A node-affinity rule or a group.
   *
   * @param sids resources that it places
   * @param nodes with priorities
   * @param failback for groups; true for rules
   * @param negative whether the nodes are those where the resources never run
   * @param unknown properties of it that this version does not know; with any it is not ours to
   *     change
   */
  public record Entry(
      String name,
      Set<String> sids,
      SortedMap<String, Integer> nodes,
      boolean strict,
      boolean failback,
      boolean disabled,
      boolean negative,
      SortedSet<String> unknown) {

    public Entry {
      unknown = Collections.unmodifiableSortedSet(new TreeSet<>(unknown));
    }

    /** One that is understood whole. */
    public Entry(
        String name,
        Set<String> sids,
        SortedMap<String, Integer> nodes,
        boolean strict,
        boolean failback,
        boolean disabled) {
      this(name, sids, nodes, strict, failback, disabled, false, Collections.emptySortedSet());
    }
  }
}
