package io.pveha.core.failover;

import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.SchedulerMode;
import io.pveha.core.placement.ServiceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** A cluster of three good nodes with one storage, to be changed. */
final class Pictures {

  static final ServiceId WEB = ServiceId.of("ct:100");
  static final Instant SYNCED = Instant.parse("2026-01-05T08:00:00Z");
  static final long GIB = 1L << 30;

  private final SortedMap<String, LiveNode> nodes = new TreeMap<>();
  private final SortedMap<ServiceId, LiveGuest> guests = new TreeMap<>();
  private final SortedMap<ServiceId, String> doubts = new TreeMap<>();
  private final List<HaRule> rules = new ArrayList<>();
  private Optional<String> master = Optional.of("node2");
  private boolean armed = true;

  static Pictures threeNodes() {
    Pictures pictures = new Pictures();
    for (String name : List.of("node1", "node2", "node3")) {
      pictures.nodes.put(name, node());
    }
    return pictures;
  }

  static LiveNode node() {
    return new LiveNode(
        true, true, 1, 8, 16 * GIB, OptionalLong.of(8 * GIB), Optional.of(ids("tank")));
  }

  /** Runs on node1, is replicated to the others. */
  static LiveGuest web() {
    return LiveGuest.startedOn("node1")
        .withDisks(ids("tank"), Map.of("node2", Optional.of(SYNCED), "node3", Optional.of(SYNCED)))
        .withFigures(1, GIB, Duration.ofSeconds(2));
  }

  static SortedSet<String> ids(String... ids) {
    return new TreeSet<>(List.of(ids));
  }

  Pictures guest(ServiceId sid, LiveGuest guest) {
    guests.put(sid, guest);
    return this;
  }

  Pictures node(String name, UnaryOperator<LiveNode> change) {
    nodes.compute(name, (n, node) -> change.apply(node == null ? node() : node));
    return this;
  }

  Pictures rule(HaRule rule) {
    rules.add(rule);
    return this;
  }

  Pictures doubt(ServiceId guest, String why) {
    doubts.put(guest, why);
    return this;
  }

  Pictures master(String node) {
    master = Optional.of(node);
    return this;
  }

  Pictures disarmed() {
    armed = false;
    return this;
  }

  LiveCluster build() {
    return new LiveCluster(
        nodes, guests, rules, SchedulerMode.BASIC, 0, 0, master, armed, new TreeSet<>(), doubts);
  }

  static LiveNode offline(LiveNode node) {
    return new LiveNode(
        false,
        node.takesServices(),
        node.votes(),
        node.cores(),
        node.memoryBytes(),
        node.freeMemoryBytes(),
        node.storages());
  }

  static LiveNode withStorages(LiveNode node, String... ids) {
    return new LiveNode(
        node.online(),
        node.takesServices(),
        node.votes(),
        node.cores(),
        node.memoryBytes(),
        node.freeMemoryBytes(),
        Optional.of(ids(ids)));
  }

  static LiveNode withFree(LiveNode node, long bytes) {
    return new LiveNode(
        node.online(),
        node.takesServices(),
        node.votes(),
        node.cores(),
        node.memoryBytes(),
        OptionalLong.of(bytes),
        node.storages());
  }
}
