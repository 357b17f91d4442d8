package io.pveha.simulator.machine;

import io.pveha.simulator.config.ClusterConfig;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.time.SimClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who is in a ring with whom, and what they share. A loss is believed 6.5 to 6.9 s after it
 * happened and a return 2.5 to 2.7 s after it, as measured on three nodes with default tokens.
 * Between a loss and its belief nothing can be written in the ring that was hit.
 */
public final class Corosync {

  private final Installation world;
  private final Map<String, SortedSet<String>> views = new HashMap<>();
  private final Map<SortedSet<String>, SimClock.Scheduled> pending = new HashMap<>();
  private final Set<String> leftInOrder = new HashSet<>();

  Corosync(Installation world) {
    this.world = world;
  }

  /** The node's daemon ends in order and says goodbye. */
  void leave(Machine node) {
    leftInOrder.add(node.name());
  }

  /** Looks who can hear whom now and starts the clocks of what changed. */
  public void reconsider() {
    List<SortedSet<String>> rings = rings();
    Set<String> running = new HashSet<>();
    rings.forEach(running::addAll);
    views.keySet().removeIf(node -> !running.contains(node));
    pending
        .entrySet()
        .removeIf(
            entry -> {
              boolean obsolete = !rings.contains(entry.getKey()) || isBelieved(entry.getKey());
              if (obsolete) {
                entry.getValue().cancel();
              }
              return obsolete;
            });
    for (SortedSet<String> ring : rings) {
      if (!isBelieved(ring) && !pending.containsKey(ring)) {
        pending.put(ring, world.clock().schedule(delay(ring), () -> settle(ring)));
      }
    }
    leftInOrder.removeAll(running);
    // Whoever is alone in a ring that did not change has nobody to wait for.
    world.nodes().stream()
        .filter(node -> running.contains(node.name()) && !isUnsettled(node))
        .forEach(world::membershipSettled);
  }

  /** All rings as they are, without delay: the state in which a world begins. */
  void settleAtOnce() {
    rings().forEach(this::settle);
  }

  /** Whether the node waits for a new ring, since a member of the old one is not heard. */
  public boolean isUnsettled(Machine node) {
    SortedSet<String> view = views.get(node.name());
    return view != null
        && pending.keySet().stream()
            .anyMatch(ring -> ring.contains(node.name()) && !ring.containsAll(view));
  }

  /** Membership as the node sees it. */
  Membership membership(Machine node) {
    SortedSet<String> self = new TreeSet<>(Set.of(node.name()));
    Map<String, SortedMap<String, String>> listed = node.config().section(Section.COROSYNC_NODES);
    if (listed.isEmpty()) {
      return new Membership(false, self, true, 1, 1);
    }
    SortedSet<String> members = new TreeSet<>(views.getOrDefault(node.name(), self));
    members.retainAll(listed.keySet());
    boolean running = views.containsKey(node.name());
    int expected = votesOf(listed, listed.keySet()) + deviceVotes();
    int votes = votesOf(listed, members) + (hasDeviceVote(listed, members) ? deviceVotes() : 0);
    boolean quorate = running && votes >= expected / 2 + 1;
    return new Membership(
        true,
        running ? members : Collections.emptySortedSet(),
        quorate,
        running ? votes : 0,
        expected);
  }

  /** Makes {@code config} the state of all members of the node's ring. */
  void replicate(Machine writer, ClusterConfig config) {
    SortedSet<String> view = views.get(writer.name());
    if (view == null || !writer.isClustered()) {
      writer.adopt(config);
      return;
    }
    for (String member : view) {
      Machine node = world.node(member);
      if (node.config().lineage().equals(config.lineage())) {
        node.adopt(config);
      }
    }
  }

  private void settle(SortedSet<String> ring) {
    pending.remove(ring);
    List<Machine> members = ring.stream().map(world::node).toList();
    List<Machine> changed =
        members.stream().filter(node -> !ring.equals(views.get(node.name()))).toList();
    ring.forEach(node -> views.put(node, ring));
    ClusterConfig newest =
        members.stream()
            .map(Machine::config)
            .max(Comparator.comparingLong(ClusterConfig::version))
            .orElseThrow();
    members.forEach(node -> node.adopt(newest));
    if (membership(members.get(0)).quorate()) {
      ClusterConfig renewed = ClusterLocks.restartAgentLocks(newest, world.now());
      members.forEach(node -> node.adopt(renewed));
    }
    changed.forEach(
        node -> node.log("pmxcfs", "root@pam", 6, "members: " + String.join(", ", ring)));
    members.forEach(world::membershipSettled);
  }

  /** Greedy cliques in the order of the nodes: everybody in a ring hears everybody else in it. */
  private List<SortedSet<String>> rings() {
    List<List<Machine>> rings = new ArrayList<>();
    for (Machine node : world.nodes()) {
      if (!node.runsCorosync()) {
        continue;
      }
      List<Machine> home =
          rings.stream()
              .filter(ring -> ring.stream().allMatch(member -> hear(member, node)))
              .findFirst()
              .orElse(null);
      if (home == null) {
        rings.add(new ArrayList<>(List.of(node)));
      } else {
        home.add(node);
      }
    }
    List<SortedSet<String>> named = new ArrayList<>();
    rings.forEach(ring -> named.add(new TreeSet<>(ring.stream().map(Machine::name).toList())));
    return named;
  }

  private boolean hear(Machine one, Machine other) {
    Map<String, SortedMap<String, String>> listed = one.config().section(Section.COROSYNC_NODES);
    boolean sameCluster =
        one.config().lineage().equals(other.config().lineage())
            && listed.containsKey(other.name())
            && other.config().section(Section.COROSYNC_NODES).containsKey(one.name());
    return sameCluster
        && world
            .network()
            .canHeartbeat(
                one,
                other,
                link ->
                    listed.get(one.name()).containsKey("ring" + link + "_addr")
                        && listed.get(other.name()).containsKey("ring" + link + "_addr"));
  }

  private boolean isBelieved(SortedSet<String> ring) {
    return ring.stream().allMatch(node -> ring.equals(views.get(node)));
  }

  private Duration delay(SortedSet<String> ring) {
    Set<String> lost = new HashSet<>();
    ring.forEach(node -> lost.addAll(views.getOrDefault(node, Collections.emptySortedSet())));
    lost.removeAll(ring);
    if (lost.isEmpty()) {
      return world.between(2.5, 2.7);
    }
    return leftInOrder.containsAll(lost) ? world.between(0.2, 0.4) : world.between(6.5, 6.9);
  }

  private static int votesOf(
      Map<String, SortedMap<String, String>> listed, Collection<String> nodes) {
    return nodes.stream()
        .mapToInt(node -> Integer.parseInt(listed.get(node).getOrDefault("quorum_votes", "1")))
        .sum();
  }

  private int deviceVotes() {
    return world.quorumDevice().isEmpty()
        ? 0
        : Integer.parseInt(world.quorumDevice().getOrDefault("votes", "1"));
  }

  /** A connected device votes for the larger part, and of two halves for the one with node 1. */
  private boolean hasDeviceVote(
      Map<String, SortedMap<String, String>> listed, Set<String> members) {
    if (deviceVotes() == 0
        || !world.quorumDevice().getOrDefault("State", "Connected").equals("Connected")
        || members.stream().noneMatch(node -> world.network().isConnected(node))) {
      return false;
    }
    int mine = votesOf(listed, members);
    Set<String> others = new TreeSet<>(listed.keySet());
    others.removeAll(members);
    others.removeIf(
        node ->
            !world.hasNode(node)
                || !world.node(node).runsCorosync()
                || !world.network().isConnected(node));
    int theirs = votesOf(listed, others);
    return mine > theirs || mine == theirs && members.contains(listed.keySet().iterator().next());
  }
}
