package io.pveha.core.replication;

import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * How the recovery point of a guest compares with what its owner can afford.
 *
 * @param met whether it is young enough; empty when nobody knows
 * @param finding in words
 */
public record Freshness(Optional<Boolean> met, Finding finding) {

  /**
   * Judges the freshest replica of one guest.
   *
   * @param lastSyncs recovery points of its replicas, as far as known
   */
  public static Freshness of(
      int vmid, Collection<Instant> lastSyncs, Optional<Duration> rpo, Instant now) {
    Optional<Instant> freshest = lastSyncs.stream().max(Comparator.naturalOrder());
    if (freshest.isEmpty()) {
      return new Freshness(
          Optional.empty(),
          Finding.delays(
              Reason.NEVER_SYNCED,
              "No replication of guest %d has succeeded yet.".formatted(vmid)));
    }
    Duration age = Duration.between(freshest.get(), now);
    String words = "The freshest replica of guest %d is of %s".formatted(vmid, freshest.get());
    if (rpo.isEmpty()) {
      return new Freshness(
          Optional.of(true),
          Finding.informs(Reason.WITHIN_RPO, words + "; no rpoSeconds is given."));
    }
    return age.compareTo(rpo.get()) <= 0
        ? new Freshness(
            Optional.of(true),
            Finding.informs(
                Reason.WITHIN_RPO,
                words + ", within the %d s wanted.".formatted(rpo.get().toSeconds())))
        : new Freshness(
            Optional.of(false),
            Finding.informs(
                Reason.RPO_MISSED,
                words + ", older than the %d s wanted.".formatted(rpo.get().toSeconds())));
  }
}
