package io.pveha.operator.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.pveha.api.v1alpha1.FailoverCause;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.api.v1alpha1.HaResourceStatus.Failover;
import io.pveha.api.v1alpha1.HaResourceStatus.Phase;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Counts the entries of the ledgers as they appear. The series are those of the cluster, since a
 * guest moves too seldom to have its own.
 */
final class FailoverMetrics {

  static final String COUNT = "pveha.guest.failovers";
  static final String OUTAGE = "pveha.guest.outage";
  static final String PHASE = "pveha.guest.failover.phase";

  /** From the blink of a planned move to the minutes that Proxmox HA takes. */
  private static final Duration[] BUCKETS =
      Stream.of(5, 10, 30, 60, 120, 180, 300, 600)
          .map(Duration::ofSeconds)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Map<ObjectRef, Integer> counted = new HashMap<>();

  FailoverMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Counts what this report has and the former had not.
   *
   * @param before how many there were before this report
   */
  synchronized void report(ObjectRef object, HaResource resource, int before) {
    Tags cluster = object.cluster(resource.getSpec().clusterRef().name());
    // All from the start, at zero: a series that begins at one has not grown, for Prometheus.
    Stream.of(FailoverCause.values()).forEach(cause -> counter(cluster, cause));
    HaResourceStatus status = resource.reported();
    long more = Math.max(0, status.failoverCount() - counted.getOrDefault(object, before));
    status.failovers().stream().limit(more).forEach(entry -> count(cluster, entry));
    counted.put(object, status.failoverCount());
  }

  synchronized void remove(ObjectRef object) {
    counted.remove(object);
  }

  private Counter counter(Tags cluster, FailoverCause cause) {
    return Counter.builder(COUNT)
        .description(Help.of(COUNT))
        .tags(cluster.and("cause", Labels.of(cause)))
        .register(registry);
  }

  private void count(Tags cluster, Failover entry) {
    FailoverCause cause = entry.cause() == null ? FailoverCause.UNKNOWN : entry.cause();
    counter(cluster, cause).increment();
    if (entry.outageSeconds() != null) {
      record(
          OUTAGE,
          cluster.and("cause", Labels.of(cause)),
          Duration.ofSeconds(entry.outageSeconds()));
    }
    List<Phase> phases = entry.phases();
    for (int i = 1; i < phases.size(); i++) {
      Duration took = Duration.between(phases.get(i - 1).at(), phases.get(i).at());
      if (!took.isNegative()) {
        record(PHASE, cluster.and("phase", Labels.of(phases.get(i).phase())), took);
      }
    }
  }

  private void record(String name, Tags tags, Duration took) {
    Timer.builder(name)
        .description(Help.of(name))
        .tags(tags)
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(took);
  }
}
