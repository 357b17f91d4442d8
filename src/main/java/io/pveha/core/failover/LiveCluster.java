package io.pveha.core.failover;

import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.SchedulerMode;
import io.pveha.core.placement.ServiceId;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that decides what becomes of guests when nodes die, at one moment. Equal pictures have equal
 * answers.
 *
 * @param nodes all members, by name
 * @param guests guests under HA that it does not ignore
 * @param rules in file order; groups of Proxmox VE 8 as the node affinity rules they stand for
 * @param deviceVotes votes of a working external quorum device
 * @param missingVotes votes of one that does not work; they are expected all the same
 * @param master the node that runs the HA manager
 * @param armed whether the HA stack acts at all
 * @param sharedStorages ids of storages whose content every node sees
 * @param doubts guests for which it is unknown where the manager would take them, and why
 */
public record LiveCluster(
    SortedMap<String, LiveNode> nodes,
    SortedMap<ServiceId, LiveGuest> guests,
    List<HaRule> rules,
    SchedulerMode scheduler,
    int deviceVotes,
    int missingVotes,
    Optional<String> master,
    boolean armed,
    SortedSet<String> sharedStorages,
    SortedMap<ServiceId, String> doubts) {

  /** One whose rules are understood, with no device or one that works. */
  public LiveCluster(
      SortedMap<String, LiveNode> nodes,
      SortedMap<ServiceId, LiveGuest> guests,
      List<HaRule> rules,
      SchedulerMode scheduler,
      int deviceVotes,
      Optional<String> master,
      boolean armed,
      SortedSet<String> sharedStorages) {
    this(
        nodes,
        guests,
        rules,
        scheduler,
        deviceVotes,
        0,
        master,
        armed,
        sharedStorages,
        Collections.emptySortedMap());
  }

  public LiveCluster {
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    guests = Collections.unmodifiableSortedMap(new TreeMap<>(guests));
    rules = List.copyOf(rules);
    sharedStorages = Collections.unmodifiableSortedSet(new TreeSet<>(sharedStorages));
    doubts = Collections.unmodifiableSortedMap(new TreeMap<>(doubts));
  }

  /** Members that are online now. */
  public SortedSet<String> online() {
    SortedSet<String> online = new TreeSet<>();
    nodes.forEach(
        (name, node) -> {
          if (node.online()) {
            online.add(name);
          }
        });
    return online;
  }

  /** Nodes that the manager may choose from once those are lost. */
  SortedSet<String> candidates(Collection<String> lost) {
    SortedSet<String> candidates = new TreeSet<>();
    nodes.forEach(
        (name, node) -> {
          if (node.isCandidate() && !lost.contains(name)) {
            candidates.add(name);
          }
        });
    return candidates;
  }

  /** Votes of all members and the device. */
  public int expectedVotes() {
    return deviceVotes + missingVotes + nodes.values().stream().mapToInt(LiveNode::votes).sum();
  }

  /** Fewest votes that are quorate: more than half. */
  public int votesNeeded() {
    return expectedVotes() / 2 + 1;
  }

  /** Votes that are left once those nodes are lost. */
  public int votesWithout(Collection<String> lost) {
    return deviceVotes
        + nodes.entrySet().stream()
            .filter(node -> node.getValue().online() && !lost.contains(node.getKey()))
            .map(Map.Entry::getValue)
            .mapToInt(LiveNode::votes)
            .sum();
  }
}
