package io.pveha.core.replication;

import io.pveha.api.v1alpha1.SyncPhase;
import io.pveha.core.plan.Count;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An order to run jobs now, once each.
 *
 * @param finishedAt when every job had run or timed out; empty while it is carried out
 * @param parts one per job; none until facts that are younger than the order are known
 */
public record SyncOrder(Instant requestedAt, Optional<Instant> finishedAt, List<Part> parts) {

  public SyncOrder {
    parts = List.copyOf(parts);
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
      SyncPhase phase,
      String message,
      Optional<Instant> formerSync,
      Optional<Instant> formerTry) {

    Part says(SyncPhase next, String words) {
      return new Part(id, next, words, formerSync, formerTry);
    }
  }

  /** Whether all is over. */
  public boolean isFinished() {
    return finishedAt.isPresent();
  }

  /** Whether every job has run and succeeded. */
  public boolean isGood() {
    return !parts.isEmpty() && parts.stream().allMatch(part -> part.phase() == SyncPhase.SYNCED);
  }

  /** What became of it, in a sentence. */
  public String summary() {
    if (parts.isEmpty()) {
      return "There was no job to run.";
    }
    long good = parts.stream().filter(part -> part.phase() == SyncPhase.SYNCED).count();
    String others =
        parts.stream()
            .filter(part -> part.phase() != SyncPhase.SYNCED)
            .limit(5)
            .map(part -> " " + part.id() + ": " + part.message())
            .reduce("", String::concat);
    return "%d of %s synced since %s.%s"
        .formatted(good, Count.of(parts.size(), "job"), requestedAt, others);
  }
}
