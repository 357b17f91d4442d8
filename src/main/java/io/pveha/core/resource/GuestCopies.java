package io.pveha.core.resource;

import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where copies of a guest's disks are.
 *
 * @param own node where the guest is now; empty when unknown
 * @param others nodes where a replication job leads, or where one led from a moment ago; empty for
 *     a guest that is not replicated
 */
public record GuestCopies(Optional<NodeName> own, List<Copy> others) {

  /** Of a guest that is not replicated. */
  public static final GuestCopies NONE = new GuestCopies(Optional.empty(), List.of());

  public GuestCopies {
    others = List.copyOf(others);
  }

  /** Whether the guest is replicated at all. */
  boolean areKept() {
    return !others.isEmpty();
  }

  /**
   * A copy on a node where the guest is not.
   *
   * @param lastSync recovery point; empty means unknown, not never
   * @param run how its job goes; empty when unknown
   * @param online whether Proxmox HA takes its node for guests: confirmed online, in no maintenance
   * @param usable whether storage and pool of the guest's disks work there
   * @param trouble why they do not, in words
   */
  public record Copy(
      NodeName node,
      Optional<Instant> lastSync,
      Optional<Run> run,
      boolean online,
      Belief usable,
      String trouble) {

    /** How old it is; empty when unknown. */
    Optional<Duration> age(Instant now) {
      return run.flatMap(told -> lastSync.map(sync -> Duration.between(sync, now)));
    }

    /** How old it gets before it is recreated, if that goes well; empty when unknown. */
    Optional<Duration> reach(Instant now) {
      return run.filter(told -> online)
          .flatMap(told -> lastSync.map(sync -> Duration.between(sync, told.dueAt(now))));
    }

    /** Whether its first run is still ahead. */
    boolean isAwaited() {
      return online
          && lastSync.isEmpty()
          && run.filter(told -> told.failCount() == 0 && !told.disabled()).isPresent();
    }
  }

  /**
   * How a job goes, as the node tells that has the guest.
   *
   * @param nextSync empty when none is planned
   * @param failCount failures in a row
   */
  public record Run(String schedule, Optional<Instant> nextSync, int failCount, boolean disabled) {

    private Instant dueAt(Instant now) {
      return nextSync.filter(next -> next.isAfter(now)).orElse(now);
    }

    boolean goesWell() {
      return failCount == 0 && !disabled;
    }
  }
}
