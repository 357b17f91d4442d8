package io.pveha.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pveha.api.v1alpha1.FailoverCause;
import io.pveha.api.v1alpha1.FailoverPhase;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.api.v1alpha1.HaResourceStatus.Failover;
import io.pveha.api.v1alpha1.HaResourceStatus.Phase;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What figures follow from statuses. */
class MeasuresTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final Measures measures =
      new Measures(registry, Clock.fixed(NOW, ZoneOffset.UTC), id -> Optional.empty());

  @Test
  void failoversAreCountedFromTheFirstReportOn() {
    HaResourceStatus before = HaResourceStatus.EMPTY.withFinished(failover(40));
    measures.saw(guest(before), before);

    HaResourceStatus after = before.withFinished(failover(131));
    measures.saw(guest(after), before);
    measures.saw(guest(after), after);

    assertThat(counted(FailoverCause.NODE_LOST)).isEqualTo(1);
    assertThat(counted(FailoverCause.FAILBACK)).isZero();
    assertThat(registry.get("pveha.guest.outage").timer().totalTime(TimeUnit.SECONDS))
        .isEqualTo(131);
    assertThat(
            registry
                .get("pveha.guest.failover.phase")
                .tag("phase", "Running")
                .timer()
                .totalTime(TimeUnit.SECONDS))
        .isEqualTo(120);
    assertThat(registry.get("pveha.guest.last.outage").gauge().value()).isEqualTo(131);
  }

  /** It happened while no operator ran, and the first report of this one tells of it. */
  @Test
  void failoverThatTheFirstReportTellsOfIsCounted() {
    HaResourceStatus former = HaResourceStatus.EMPTY.withFinished(failover(40));

    measures.saw(guest(former.withFinished(failover(131))), former);

    assertThat(counted(FailoverCause.NODE_LOST)).isEqualTo(1);
  }

  @Test
  void incidentLastsUntilTheGuestRunsOrIsGivenUp() {
    ProxmoxCluster cluster = cluster();
    measures.saw(cluster, ProxmoxClusterStatus.EMPTY);
    HaResourceStatus lost = HaResourceStatus.EMPTY.withFailoverInProgress(failover(0));

    assertThat(incident()).isZero();
    measures.saw(guest(lost), HaResourceStatus.EMPTY);
    assertThat(incident()).isEqualTo(1);
    measures.saw(guest(lost.withFinished(failover(131))), lost);
    assertThat(incident()).isZero();
  }

  @Test
  void seriesOfADeletedObjectDisappear() {
    measures.saw(cluster(), ProxmoxClusterStatus.EMPTY);
    HaResourceStatus status = HaResourceStatus.EMPTY.withFinished(failover(131));
    measures.saw(guest(status), HaResourceStatus.EMPTY);
    assertThat(about("web")).isNotEmpty();

    measures.forget(new Subject("HaResource", "proxmox", "web"));
    measures.forget(new Subject("ProxmoxCluster", "proxmox", "reference"));

    assertThat(registry.getMeters())
        .extracting(m -> m.getId().getName())
        .containsOnly("pveha.leader");
  }

  @Test
  void everyMeterHasItsHelp() {
    measures.saw(cluster(), ProxmoxClusterStatus.EMPTY);
    measures.saw(guest(HaResourceStatus.EMPTY.withFinished(failover(131))), HaResourceStatus.EMPTY);
    measures.took(cluster(), "CreateCluster", true);

    assertThat(registry.getMeters())
        .hasSizeGreaterThan(10)
        .filteredOn(meter -> meter.getId().getTag("le") == null)
        .allSatisfy(
            meter ->
                assertThat(meter.getId().getDescription())
                    .isNotBlank()
                    .isNotEqualTo(meter.getId().getName()));
  }

  private List<Meter> about(String name) {
    return registry.getMeters().stream()
        .filter(meter -> name.equals(meter.getId().getTag("name")))
        .toList();
  }

  private double counted(FailoverCause cause) {
    return registry
        .get("pveha.guest.failovers")
        .tags(Tags.of("cause", Words.of(cause)))
        .counter()
        .count();
  }

  private double incident() {
    return registry.get("pveha.cluster.incident.in.progress").gauge().value();
  }

  private static Failover failover(long outage) {
    return new Failover(
        FailoverCause.NODE_LOST,
        "node1",
        "node2",
        List.of(
            new Phase(FailoverPhase.LOSS_SEEN, NOW.minusSeconds(130)),
            new Phase(FailoverPhase.RUNNING, NOW.minusSeconds(10))),
        null,
        outage,
        null,
        60L,
        null,
        null);
  }

  private static HaResource guest(HaResourceStatus status) {
    HaResource resource =
        Serialization.unmarshal(
            "spec: {clusterRef: {name: reference}, guest: {kind: CT, vmid: 100}}",
            HaResource.class);
    resource.setMetadata(new ObjectMetaBuilder().withNamespace("proxmox").withName("web").build());
    resource.setStatus(status);
    return resource;
  }

  private static ProxmoxCluster cluster() {
    ProxmoxCluster cluster = new ProxmoxCluster();
    cluster.setMetadata(
        new ObjectMetaBuilder().withNamespace("proxmox").withName("reference").build());
    return cluster;
  }
}
