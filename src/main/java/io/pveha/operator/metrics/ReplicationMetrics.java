package io.pveha.operator.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReplicationJobStatus;
import io.pveha.api.v1alpha1.ReplicationJobStatus.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Metrics of a ReplicationJob. */
final class ReplicationMetrics {

  static final String DURATION = "pveha.replication.duration";

  private static final Duration[] BUCKETS =
      Stream.of(5, 30, 120, 600).map(Duration::ofSeconds).toArray(Duration[]::new);

  private ReplicationMetrics() {}

  static List<Sample> of(ObjectRef object, ReplicationJob replication) {
    Tags tags = object.tags(replication.getSpec().clusterRef().name());
    ReplicationJobStatus status = replication.reported();
    List<Sample> samples = new ArrayList<>();
    ConditionMetrics.isTrue(status, ConditionType.RPO_MET)
        .ifPresent(met -> samples.add(Sample.of("pveha.replication.rpo.met", tags, met)));
    if (status.oldestSync() != null) {
      samples.add(Sample.age("pveha.replication.lag.seconds", tags, status.oldestSync()));
    }
    for (Job job : status.jobs()) {
      if (job.failCount() != null && job.failCount() > 0) {
        Tags at = tags.and("job", job.id(), "target", job.target());
        samples.add(Sample.of("pveha.replication.consecutive.failures", at, job.failCount()));
      }
    }
    return samples;
  }

  /** Times the runs that ended between two reports. */
  static void time(
      MeterRegistry registry, Tags cluster, ReplicationJobStatus former, ReplicationJobStatus now) {
    for (Job job : now.jobs()) {
      boolean isNew =
          former
              .job(job.id())
              .map(Job::lastSync)
              .filter(s -> !s.equals(job.lastSync()))
              .isPresent();
      if (isNew && job.lastSync() != null && job.durationSeconds() != null) {
        Timer.builder(DURATION)
            .description(Help.of(DURATION))
            .tags(cluster)
            .serviceLevelObjectives(BUCKETS)
            .register(registry)
            .record(Duration.ofSeconds(job.durationSeconds()));
      }
    }
  }
}
