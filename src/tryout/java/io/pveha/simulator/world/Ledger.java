package io.pveha.simulator.world;

import io.pveha.core.ha.HaDaemon;
import io.pveha.core.ha.HaEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What must be counted and can't be undone. */
final class Ledger {

  private static final int HA_EVENTS = 5000;

  private final SimClock clock;
  private final List<String> violations = new ArrayList<>();
  private final List<Truth.Destroyed> destroyed = new ArrayList<>();
  private final List<Truth.Destroyed> removed = new ArrayList<>();
  private final SortedMap<String, Truth.Syncs> syncs = new TreeMap<>();
  private final Deque<HaRecord> haEvents = new ArrayDeque<>();
  private long runs;

  Ledger(SimClock clock) {
    this.clock = clock;
  }

  /** The number of a guest's next run, anywhere. */
  long nextRun() {
    return ++runs;
  }

  void violation(String text) {
    violations.add(clock.now() + " " + text);
  }

  void destroyed(NodeHost node, String what, String name, String by) {
    destroyed.add(new Truth.Destroyed(clock.now(), node.name(), what, name, by));
  }

  void removed(NodeHost node, String what, String name, String by) {
    removed.add(new Truth.Destroyed(clock.now(), node.name(), what, name, by));
  }

  /** Who last asked for the removal of a job or storage entry. */
  String removedBy(String what, String name) {
    return removed.stream()
        .filter(entry -> entry.what().equals(what) && entry.name().equals(name))
        .reduce((earlier, later) -> later)
        .map(Truth.Destroyed::by)
        .orElse("nobody");
  }

  List<Truth.Destroyed> removed() {
    return List.copyOf(removed);
  }

  void synced(String job, NodeHost source, NodeHost target, boolean full) {
    syncs.merge(
        job + " " + source.name() + " " + target.name(),
        new Truth.Syncs(job, source.name(), target.name(), full ? 1 : 0, full ? 0 : 1),
        (one, other) ->
            new Truth.Syncs(
                job,
                source.name(),
                target.name(),
                one.full() + other.full(),
                one.incremental() + other.incremental()));
  }

  List<Truth.Syncs> syncs() {
    return List.copyOf(syncs.values());
  }

  void haEvent(NodeHost node, HaDaemon daemon, HaEvent event) {
    haEvents.add(new HaRecord(clock.now(), node.name(), daemon, event));
    if (haEvents.size() > HA_EVENTS) {
      haEvents.remove();
    }
  }

  List<HaRecord> haEvents() {
    return List.copyOf(haEvents);
  }

  List<String> violations() {
    return List.copyOf(violations);
  }

  List<Truth.Destroyed> destroyed() {
    return List.copyOf(destroyed);
  }
}
