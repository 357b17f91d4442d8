package io.pveha.core.replication;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Finding;
import io.pveha.core.replication.ReplicationFacts.Guest;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How the recovery point of a guest compares with what its owner can afford.
 *
 * @param met whether it is young enough; empty when unknown
 * @param finding in words
 */
public record Freshness(Optional<Boolean> met, Finding finding) {

  /**
   * How far the clock of a node may be ahead, as one that keeps local time in UTC is by hours; what
   * is later still is no recovery point.
   */
  private static final Duration CLOCKS = Duration.ofDays(1);

  /** Whether one recovery point is young enough; empty when that is not known or not asked for. */
  public static Optional<Boolean> of(
      Optional<Instant> lastSync, Optional<Duration> rpo, Instant now) {
    return lastSync
        .filter(sync -> isBelieved(sync, now))
        .flatMap(sync -> rpo.map(wanted -> !sync.plus(wanted).isBefore(now)));
  }

  private static boolean isBelieved(Instant sync, Instant now) {
    return !sync.isAfter(now.plus(CLOCKS));
  }

  /** Judges the freshest replica of one guest. */
  public static Freshness of(
      Guest guest, ReplicationFacts facts, Optional<Duration> rpo, Instant now) {
    Optional<Instant> freshest =
        replicas(guest, facts).stream()
            .filter(sync -> isBelieved(sync, now))
            .max(Comparator.naturalOrder());
    if (freshest.isEmpty()) {
      return new Freshness(Optional.empty(), none(guest, facts));
    }
    String words =
        "The freshest replica of guest %d is of %s".formatted(guest.vmid(), freshest.get());
    if (rpo.isEmpty()) {
      return new Freshness(
          Optional.of(true),
          Finding.informs(ConditionReason.WITHIN_RPO, words + "; no rpoSeconds is set."));
    }
    return of(freshest, rpo, now).orElseThrow()
        ? new Freshness(
            Optional.of(true),
            Finding.informs(
                ConditionReason.WITHIN_RPO,
                words + ", within the %d s wanted.".formatted(rpo.get().toSeconds())))
        : new Freshness(
            Optional.of(false),
            Finding.informs(
                ConditionReason.RPO_MISSED,
                words + ", older than the %d s wanted.".formatted(rpo.get().toSeconds())));
  }

  /** Of the guest that is worst off: nobody knows before missed before met. */
  public static Optional<Freshness> worst(
      ReplicationFacts facts, Optional<Duration> rpo, Instant now) {
    return facts.guests().stream()
        .map(guest -> of(guest, facts, rpo, now))
        .min(Comparator.comparing(freshness -> freshness.met().map(met -> met ? 2 : 1).orElse(0)));
  }

  /** When the first replica that is young enough stops being so. */
  public static Optional<Instant> nextMiss(
      ReplicationFacts facts, Optional<Duration> rpo, Instant now) {
    return rpo.flatMap(
        wanted ->
            facts.jobs().stream()
                .flatMap(job -> job.recoveryPoint().stream())
                .map(sync -> sync.plus(wanted))
                .filter(miss -> !miss.isBefore(now))
                .min(Comparator.naturalOrder())
                .map(miss -> miss.plusMillis(1)));
  }

  private static List<Instant> replicas(Guest guest, ReplicationFacts facts) {
    return facts.jobs().stream()
        .filter(job -> job.vmid() == guest.vmid() && !job.pointsHome(guest))
        .flatMap(job -> job.recoveryPoint().stream())
        .toList();
  }

  private static Finding none(Guest guest, ReplicationFacts facts) {
    return facts.isOnline(guest.home())
        ? Finding.delays(
            ConditionReason.NEVER_SYNCED,
            "No replication of guest %d from %s, where it is, has succeeded yet."
                .formatted(guest.vmid(), guest.home()))
        : Finding.delays(
            ConditionReason.SYNC_UNKNOWN,
            "The last replication of guest %d is unknown: %s is not online and nothing was saved."
                .formatted(guest.vmid(), guest.home()));
  }
}
