package io.pveha.operator.replication;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.JobState;
import io.pveha.api.v1alpha1.ReplicationJobSpec;
import io.pveha.api.v1alpha1.ReplicationJobStatus;
import io.pveha.api.v1alpha1.ReplicationJobStatus.Job;
import io.pveha.core.replication.Freshness;
import io.pveha.operator.status.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Replicas while Proxmox is unreachable: those known last grow old, whether newer ones are made or
 * not.
 */
final class LastKnownReplicas {

  private final ReplicationJobStatus former;
  private final Optional<Duration> rpo;
  private final Instant now;

  LastKnownReplicas(ReplicationJobSpec spec, ReplicationJobStatus former, Instant now) {
    this.former = former;
    this.rpo = Optional.ofNullable(spec.rpoSeconds()).map(Duration::ofSeconds);
    this.now = now;
  }

  /** Met as long as what is known says so, and unknown from then on. */
  void judge(Conditions conditions, ConditionReason reason) {
    Optional<Map.Entry<Integer, Instant>> oldest =
        freshest().entrySet().stream().min(Map.Entry.comparingByValue());
    boolean told =
        former.conditions().stream()
            .anyMatch(c -> c.getType().equals(ConditionType.RPO_MET.text()));
    if (!told || rpo.isEmpty() || oldest.isEmpty() || isYoung(oldest.get().getValue())) {
      return;
    }
    conditions.isUnknown(
        ConditionType.RPO_MET,
        reason,
        "The freshest replica known of guest %d is of %s, older than the %d s wanted;"
                .formatted(oldest.get().getKey(), oldest.get().getValue(), rpo.get().toSeconds())
            + " whether there is a newer one is unknown now.");
  }

  ReplicationJobStatus status() {
    return former.withJobs(
        former.jobs().stream()
            .map(
                job ->
                    job.rpoMet() != null && (job.lastSync() == null || !isYoung(job.lastSync()))
                        ? job.withoutRpoMet()
                        : job)
            .toList());
  }

  /** Until what is known says less than now, but no longer than that. */
  Duration pause(Duration longest) {
    return rpos()
        .map(miss -> Duration.between(now, miss).plusMillis(1))
        .filter(pause -> pause.compareTo(longest) < 0)
        .min(Comparator.naturalOrder())
        .orElse(longest);
  }

  private Stream<Instant> rpos() {
    return rpo.stream()
        .flatMap(
            wanted ->
                former.jobs().stream()
                    .map(Job::lastSync)
                    .filter(Objects::nonNull)
                    .map(sync -> sync.plus(wanted)))
        .filter(miss -> !miss.isBefore(now));
  }

  private boolean isYoung(Instant sync) {
    return Freshness.of(Optional.of(sync), rpo, now).orElse(true);
  }

  /** Of each guest. */
  private Map<Integer, Instant> freshest() {
    Map<Integer, Instant> freshest = new TreeMap<>();
    List<Job> replicas =
        former.jobs().stream()
            .filter(job -> job.lastSync() != null && job.state() != JobState.REMOVING)
            .filter(job -> !Objects.equals(job.target(), job.source()))
            .toList();
    replicas.forEach(
        job ->
            freshest.merge(
                job.vmid(), job.lastSync(), (one, other) -> one.isAfter(other) ? one : other));
    return freshest;
  }
}
