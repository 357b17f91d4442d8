package io.pveha.core.resource;

import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.resource.GuestCopies.Copy;
import io.pveha.core.resource.GuestCopies.Run;
import io.pveha.core.resource.ResourceFacts.Entry;
import io.pveha.core.resource.ResourceFacts.PlacedBy;
import io.pveha.core.resource.ResourceFacts.Resource;
import io.pveha.core.resource.WantedResource.Placement;
import io.pveha.core.resource.WantedResource.Preference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A replicated guest on node1 of a cluster with rules; what a test says of it is set here. */
final class FollowedGuest {

  static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  static final String EACH_MINUTE = "*/1";

  final List<NodeName> members = new ArrayList<>();
  final Map<NodeName, Copy> copies = new TreeMap<>();
  final SortedMap<NodeName, String> keptAway = new TreeMap<>();
  List<Preference> listed = List.of();
  boolean strict;
  Optional<Duration> limit = Optional.empty();
  Optional<Entry> written = Optional.empty();
  Set<NodeName> remote = Set.of();
  List<ResourceFacts.Affinity> affinities = List.of();
  NodeName own = node(1);

  FollowedGuest(int nodes) {
    for (int i = 1; i <= nodes; i++) {
      members.add(node(i));
      if (i > 1) {
        fresh(i);
      }
    }
  }

  static NodeName node(int number) {
    return new NodeName("node" + number);
  }

  /** Synced half a minute ago, again in half a minute. */
  FollowedGuest fresh(int number) {
    return copy(number, 30, EACH_MINUTE, 30, 0);
  }

  FollowedGuest copy(int number, long age, String schedule, long nextIn, int failures) {
    copies.put(
        node(number),
        new Copy(
            node(number),
            Optional.of(NOW.minusSeconds(age)),
            Optional.of(new Run(schedule, Optional.of(NOW.plusSeconds(nextIn)), failures, false)),
            true,
            Belief.YES,
            ""));
    return this;
  }

  FollowedGuest failing(int number, Duration age) {
    return copy(number, age.toSeconds(), EACH_MINUTE, 300, 4);
  }

  FollowedGuest none(int number) {
    copies.remove(node(number));
    return this;
  }

  FollowedGuest offline(int number) {
    Copy copy = copies.get(node(number));
    copies.put(
        node(number),
        new Copy(copy.node(), copy.lastSync(), Optional.empty(), false, Belief.UNKNOWN, ""));
    return this;
  }

  FollowedGuest broken(int number) {
    Copy copy = copies.get(node(number));
    copies.put(
        node(number),
        new Copy(
            copy.node(),
            copy.lastSync(),
            copy.run(),
            copy.online(),
            Belief.NO,
            "its pool tank is SUSPENDED"));
    return this;
  }

  FollowedGuest awaited(int number) {
    copies.put(
        node(number),
        new Copy(
            node(number),
            Optional.empty(),
            Optional.of(new Run(EACH_MINUTE, Optional.of(NOW.plusSeconds(20)), 0, false)),
            true,
            Belief.YES,
            ""));
    return this;
  }

  FollowedGuest written(Map<String, Integer> nodes) {
    written = Optional.of(entry("pveha-ct-100", nodes, true));
    return this;
  }

  /** Takes what is chosen as what Proxmox has. */
  PlacementChoice write() {
    PlacementChoice choice = choose();
    written =
        choice.preferences().map(wanted -> entry("pveha-ct-100", wanted.nodes(), wanted.strict()));
    return choice;
  }

  static Entry entry(String name, Map<String, Integer> nodes, boolean strict) {
    return new Entry(name, Set.of("ct:100"), new TreeMap<>(nodes), strict, true, false);
  }

  PlacementChoice choose() {
    return PlacementChoice.of(wanted(), facts(), NOW);
  }

  /** Nodes as chosen; all members with priority 0 where no rule is needed. */
  SortedMap<String, Integer> nodes() {
    SortedMap<String, Integer> all = new TreeMap<>();
    members.forEach(member -> all.put(member.value(), 0));
    return choose().preferences().map(Preferences::nodes).orElse(all);
  }

  WantedResource wanted() {
    return new WantedResource(
        "ct:100",
        "started",
        1,
        1,
        false,
        new Placement(listed, strict, true, limit, List.of(), List.of()));
  }

  ResourceFacts facts() {
    return new ResourceFacts(
        members,
        remote,
        PlacedBy.RULES,
        Optional.of(new Resource("started", 1, 1, Optional.of(false), Optional.empty())),
        written.stream().toList(),
        new GuestCopies(Optional.of(own), List.copyOf(copies.values())),
        keptAway,
        affinities,
        Set.of("ct:100"));
  }
}
