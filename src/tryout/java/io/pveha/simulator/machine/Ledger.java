package io.pveha.simulator.machine;

import io.pveha.core.ha.HaDaemon;
import io.pveha.core.ha.HaEvent;
import io.pveha.simulator.time.SimClock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What must be counted and can't be undone. */
public final class Ledger {

  /**
   * Something that was destroyed ({@code volume}, {@code pool}, {@code guest} or {@code disk}) or
   * removed ({@code job}, {@code storage}, or {@code storage-node} for a node that an entry no
   * longer covers).
   *
   * @param by who asked for it; for a replica, the job and who removed that
   */
  public record Destroyed(Instant at, String node, String what, String name, String by) {}

  /**
   * How volumes of one job went from one node to another.
   *
   * @param full how often all of a volume was copied
   * @param incremental how often only what had changed
   */
  public record Syncs(String job, String source, String target, int full, int incremental) {}

  private static final int HA_EVENTS = 5000;

  private final SimClock clock;
  private final List<String> violations = new ArrayList<>();
  private final List<Ledger.Destroyed> destroyed = new ArrayList<>();
  private final List<Ledger.Destroyed> removed = new ArrayList<>();
  private final SortedMap<String, Ledger.Syncs> syncs = new TreeMap<>();
  private final Deque<HaRecord> haEvents = new ArrayDeque<>();
  private long runs;

  Ledger(SimClock clock) {
    this.clock = clock;
  }

  /** The number of a guest's next run, anywhere. */
  public long nextRun() {
    return ++runs;
  }

  public void violation(String text) {
    violations.add(clock.now() + " " + text);
  }

  public void destroyed(Machine node, String what, String name, String by) {
    destroyed.add(new Ledger.Destroyed(clock.now(), node.name(), what, name, by));
  }

  public void removed(Machine node, String what, String name, String by) {
    removed.add(new Ledger.Destroyed(clock.now(), node.name(), what, name, by));
  }

  /** Who last asked for the removal of a job or storage entry. */
  public String removedBy(String what, String name) {
    return removed.stream()
        .filter(entry -> entry.what().equals(what) && entry.name().equals(name))
        .reduce((earlier, later) -> later)
        .map(Ledger.Destroyed::by)
        .orElse("nobody");
  }

  public List<Ledger.Destroyed> removed() {
    return List.copyOf(removed);
  }

  public void synced(String job, Machine source, Machine target, boolean full) {
    syncs.merge(
        job + " " + source.name() + " " + target.name(),
        new Ledger.Syncs(job, source.name(), target.name(), full ? 1 : 0, full ? 0 : 1),
        (one, other) ->
            new Ledger.Syncs(
                job,
                source.name(),
                target.name(),
                one.full() + other.full(),
                one.incremental() + other.incremental()));
  }

  public List<Ledger.Syncs> syncs() {
    return List.copyOf(syncs.values());
  }

  public void haEvent(Machine node, HaDaemon daemon, HaEvent event) {
    haEvents.add(new HaRecord(clock.now(), node.name(), daemon, event));
    if (haEvents.size() > HA_EVENTS) {
      haEvents.remove();
    }
  }

  List<HaRecord> haEvents() {
    return List.copyOf(haEvents);
  }

  public List<String> violations() {
    return List.copyOf(violations);
  }

  public List<Ledger.Destroyed> destroyed() {
    return List.copyOf(destroyed);
  }
}
