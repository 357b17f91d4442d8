package io.pveha.core.replication;

import io.pveha.core.plan.Count;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An order to run jobs now, once each.
 *
 * @param finishedAt when every job had run, or was given up; empty while it is carried out
 * @param parts one per job; none until facts that are younger than the order are known
 */
public record SyncOrder(Instant requestedAt, Optional<Instant> finishedAt, List<Part> parts) {

  public SyncOrder {
    parts = List.copyOf(parts);
  }

  /** How far a job is. */
  public enum Phase {
    /** Can't be asked yet. Left when it is asked, left out, or too late. */
    WAITING,
    /** Asked, or due anyway. Left when the run ends, or none began in time. */
    ASKED,
    /** A run that began after the order has succeeded. */
    SYNCED,
    /** That run failed; Proxmox tries again at its own pace. */
    FAILED,
    /** Left out: suspended, or going away. */
    SKIPPED,
    /** Could not be asked, or did not begin, in time. */
    GIVEN_UP;

    boolean isOver() {
      return switch (this) {
        case WAITING, ASKED -> false;
        case SYNCED, FAILED, SKIPPED, GIVEN_UP -> true;
      };
    }
  }

  /**
   * One job's part.
   *
   * @param message what it waits for, or how it ended
   * @param formerSync its last sync when it was asked
   * @param formerTry its last try when it was asked
   */
  public record Part(
      String id,
      Phase phase,
      String message,
      Optional<Instant> formerSync,
      Optional<Instant> formerTry) {

    Part says(Phase next, String words) {
      return new Part(id, next, words, formerSync, formerTry);
    }
  }

  /** Whether all is over. */
  public boolean isFinished() {
    return finishedAt.isPresent();
  }

  /** Whether every job has run and succeeded. */
  public boolean isGood() {
    return !parts.isEmpty() && parts.stream().allMatch(part -> part.phase() == Phase.SYNCED);
  }

  /** What became of it, in a sentence. */
  public String summary() {
    if (parts.isEmpty()) {
      return "There was no job to run.";
    }
    long good = parts.stream().filter(part -> part.phase() == Phase.SYNCED).count();
    String others =
        parts.stream()
            .filter(part -> part.phase() != Phase.SYNCED)
            .limit(5)
            .map(part -> " " + part.id() + ": " + part.message())
            .reduce("", String::concat);
    return "%d of %s synced since %s.%s"
        .formatted(good, Count.of(parts.size(), "job"), requestedAt, others);
  }
}
