package io.pveha.operator.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.pveha.api.v1alpha1.FailoverCause;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.api.v1alpha1.HaResourceStatus.Failover;
import io.pveha.api.v1alpha1.HaResourceStatus.Phase;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Counts the entries of the ledgers as they appear. */
final class FailoverCounts {

  /** From the blink of a planned move to the minutes that Proxmox HA takes. */
  private static final Duration[] BUCKETS =
      Stream.of(1, 5, 10, 15, 30, 60, 90, 120, 150, 180, 240, 300, 600)
          .map(Duration::ofSeconds)
          .toArray(Duration[]::new);

  private static final String COUNT = "pveha.guest.failovers";
  private static final String OUTAGE = "pveha.guest.outage";
  private static final String PHASE = "pveha.guest.failover.phase";

  private record Guest(int counted, Map<FailoverCause, Counter> byCause) {}

  private final MeterRegistry registry;
  private final Map<Subject, Guest> guests = new HashMap<>();

  FailoverCounts(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Counts what this report has and the former had not.
   *
   * @param before how many there were before this report
   */
  synchronized void saw(Subject subject, HaResource resource, int before) {
    Guest guest =
        guests.computeIfAbsent(subject, s -> new Guest(before, counters(subject, resource)));
    HaResourceStatus status = resource.reported();
    long more = Math.max(0, status.failoverCount() - guest.counted());
    Tags tags =
        Tags.of(
            "namespace", subject.namespace(), "cluster", resource.getSpec().clusterRef().name());
    status.failovers().stream().limit(more).forEach(entry -> count(guest, tags, entry));
    guests.put(subject, new Guest(status.failoverCount(), guest.byCause()));
  }

  synchronized void remove(Subject subject) {
    Guest guest = guests.remove(subject);
    if (guest != null) {
      guest.byCause().values().forEach(registry::remove);
    }
  }

  /** The histograms are those of the cluster, since a guest moves too seldom to have its own. */
  void removeCluster(Subject cluster) {
    for (String name : List.of(OUTAGE, PHASE)) {
      List<Meter> meters =
          List.copyOf(
              registry
                  .find(name)
                  .tags("namespace", cluster.namespace(), "cluster", cluster.name())
                  .meters());
      meters.forEach(registry::remove);
    }
  }

  /** All from the start, at zero: a series that begins at one has not grown, for Prometheus. */
  private Map<FailoverCause, Counter> counters(Subject subject, HaResource resource) {
    Map<FailoverCause, Counter> counters = new EnumMap<>(FailoverCause.class);
    for (FailoverCause cause : FailoverCause.values()) {
      counters.put(
          cause,
          Counter.builder(COUNT)
              .description(Help.of(COUNT))
              .tags(GuestFigures.tags(subject, resource).and("cause", Words.of(cause)))
              .register(registry));
    }
    return counters;
  }

  private void count(Guest guest, Tags tags, Failover entry) {
    FailoverCause cause = entry.cause() == null ? FailoverCause.UNKNOWN : entry.cause();
    guest.byCause().get(cause).increment();
    if (entry.outageSeconds() != null) {
      record(OUTAGE, tags.and("cause", Words.of(cause)), Duration.ofSeconds(entry.outageSeconds()));
    }
    List<Phase> phases = entry.phases();
    for (int i = 1; i < phases.size(); i++) {
      Duration took = Duration.between(phases.get(i - 1).at(), phases.get(i).at());
      if (!took.isNegative()) {
        record(PHASE, tags.and("phase", Words.of(phases.get(i).phase())), took);
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
