package io.pveha.operator.metrics;

import io.micrometer.core.instrument.Tags;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.FailoverCause;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.api.v1alpha1.HaResourceStatus.Failover;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Metrics of a HaResource. */
final class GuestMetrics {

  /** How long what a failover cost is shown by guest; the histograms of the cluster keep it. */
  private static final Duration RECENT = Duration.ofHours(1);

  private GuestMetrics() {}

  static List<Sample> of(ObjectRef object, HaResource resource, Instant now) {
    HaResourceStatus status = resource.reported();
    Tags tags =
        object
            .tags(resource.getSpec().clusterRef().name())
            .and("guest", resource.getSpec().guest().sid());
    List<Sample> samples = new ArrayList<>();
    samples.add(
        Sample.of(
            "pveha.guest.info",
            tags.and(
                "node", orEmpty(status.node()),
                "state", orEmpty(status.state()),
                "wanted", resource.getSpec().state().word()),
            1));
    if (status.failoverInProgress() != null || isFailingOver(status)) {
      samples.add(Sample.of("pveha.guest.failover.in.progress", tags, 1));
    }
    if (status.probe() != null && status.probe().answering() != null) {
      samples.add(Sample.of("pveha.guest.probe.up", tags, status.probe().answering()));
    }
    status.failovers().stream()
        .findFirst()
        .filter(last -> isRecent(last, now))
        .ifPresent(last -> cost(last, resource.getSpec().rtoSeconds(), tags, samples));
    return samples;
  }

  private static void cost(Failover last, Long rtoSeconds, Tags tags, List<Sample> samples) {
    add("pveha.guest.last.outage.seconds", tags, last.outageSeconds(), samples);
    add("pveha.guest.last.data.loss.seconds", tags, last.dataLossSeconds(), samples);
    add("pveha.guest.rto.seconds", tags, rtoSeconds, samples);
  }

  private static void add(String name, Tags tags, Long seconds, List<Sample> samples) {
    if (seconds != null) {
      samples.add(Sample.of(name, tags, seconds));
    }
  }

  private static boolean isRecent(Failover failover, Instant now) {
    return failover.phases().stream().anyMatch(phase -> now.minus(RECENT).isBefore(phase.at()));
  }

  /** Whether it is down, or may be, since its node was lost. */
  static boolean isInIncident(HaResourceStatus status) {
    boolean lost =
        status.failoverInProgress() != null
            && status.failoverInProgress().cause() == FailoverCause.NODE_LOST;
    return (lost || isFailingOver(status)) && !"error".equals(status.state());
  }

  private static boolean isFailingOver(HaResourceStatus status) {
    return ConditionMetrics.isTrue(status, ConditionType.FAILING_OVER).orElse(false);
  }

  private static String orEmpty(String value) {
    return value == null ? "" : value;
  }
}
