package io.pveha.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
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
import io.pveha.operator.polling.Predictions;
import io.pveha.proxmox.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What metrics follow from statuses. */
class OperatorMetricsTest {

  private static final Instant NOW = new MovableClock().instant();

  private final MovableClock clock = new MovableClock();
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final OperatorMetrics metrics =
      new OperatorMetrics(registry, clock, id -> Optional.empty(), new Predictions());

  @Test
  void failoversAreCountedFromTheFirstReportOn() {
    HaResourceStatus before = HaResourceStatus.EMPTY.withFinished(failover(40));
    metrics.reported(guest(before), before);

    HaResourceStatus after = before.withFinished(failover(131));
    metrics.reported(guest(after), before);
    metrics.reported(guest(after), after);

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
    assertThat(registry.get("pveha.guest.last.outage.seconds").gauge().value()).isEqualTo(131);
  }

  /** It happened while no operator ran, and the first report of this one tells of it. */
  @Test
  void failoverThatTheFirstReportTellsOfIsCounted() {
    HaResourceStatus former = HaResourceStatus.EMPTY.withFinished(failover(40));

    metrics.reported(guest(former.withFinished(failover(131))), former);

    assertThat(counted(FailoverCause.NODE_LOST)).isEqualTo(1);
  }

  @Test
  void incidentLastsUntilTheGuestRunsOrIsGivenUp() {
    ProxmoxCluster cluster = cluster();
    metrics.reported(cluster, ProxmoxClusterStatus.EMPTY);
    HaResourceStatus lost = HaResourceStatus.EMPTY.withFailoverInProgress(failover(0));

    assertThat(incident()).isZero();
    metrics.reported(guest(lost), HaResourceStatus.EMPTY);
    assertThat(incident()).isEqualTo(1);
    metrics.reported(guest(lost.withFinished(failover(131))), lost);
    assertThat(incident()).isZero();
  }

  @Test
  void seriesOfADeletedObjectDisappear() {
    metrics.reported(cluster(), ProxmoxClusterStatus.EMPTY);
    HaResourceStatus status = HaResourceStatus.EMPTY.withFinished(failover(131));
    metrics.reported(guest(status), HaResourceStatus.EMPTY);
    assertThat(about("web")).isNotEmpty();

    metrics.removed(new ObjectRef("HaResource", "proxmox", "web"));
    metrics.removed(new ObjectRef("ProxmoxCluster", "proxmox", "reference"));

    assertThat(registry.getMeters())
        .extracting(m -> m.getId().getName())
        .containsOnly("pveha.leader");
  }

  /** Per guest: where it is. Whatever else there is to say is said while it is so. */
  @Test
  void guestInGoodHealthHasOneSeries() {
    HaResourceStatus healthy =
        HaResourceStatus.EMPTY.withConditions(
            List.of(
                condition("Ready", "True"),
                condition("Stalled", "False"),
                condition("Reconciling", "True"),
                condition("Placed", "Unknown")));

    metrics.reported(guest(healthy), HaResourceStatus.EMPTY);

    assertThat(about("web")).extracting(m -> m.getId().getName()).containsOnly("pveha.guest.info");
  }

  @Test
  void conditionIsThereWhileItIsNotAsWanted() {
    HaResourceStatus stalled =
        HaResourceStatus.EMPTY.withConditions(
            List.of(condition("Ready", "False"), condition("Stalled", "True")));
    HaResourceStatus ready =
        stalled.withConditions(List.of(condition("Ready", "True"), condition("Stalled", "False")));

    metrics.reported(guest(stalled), HaResourceStatus.EMPTY);
    assertThat(registry.get("pveha.condition").tags("type", "Stalled").gauge().value())
        .isEqualTo(1);
    assertThat(objects("False")).isEqualTo(1);
    assertThat(objects("True")).isZero();
    metrics.reported(guest(ready), stalled);

    assertThat(registry.find("pveha.condition").gauges()).isEmpty();
    assertThat(objects("False")).isZero();
    assertThat(objects("True")).isEqualTo(1);
  }

  @Test
  void costOfAFailoverIsShownForAnHour() {
    HaResourceStatus status = HaResourceStatus.EMPTY.withFinished(failover(131));
    metrics.reported(guest(status), HaResourceStatus.EMPTY);
    assertThat(registry.find("pveha.guest.last.data.loss.seconds").gauges()).hasSize(1);

    clock.pass(Duration.ofHours(1));
    metrics.reported(guest(status), status);

    assertThat(about("web")).extracting(m -> m.getId().getName()).containsOnly("pveha.guest.info");
  }

  @Test
  void everyMeterHasItsHelp() {
    metrics.reported(cluster(), ProxmoxClusterStatus.EMPTY);
    metrics.reported(
        guest(HaResourceStatus.EMPTY.withFinished(failover(131))), HaResourceStatus.EMPTY);
    metrics.stepTaken(cluster(), "CreateCluster", true);

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
        .tags(Tags.of("cause", Labels.of(cause)))
        .counter()
        .count();
  }

  private double objects(String ready) {
    return registry
        .get("pveha.objects")
        .tags("kind", "HaResource", "cluster", "reference", "ready", ready)
        .gauge()
        .value();
  }

  private static Condition condition(String type, String status) {
    return new ConditionBuilder().withType(type).withStatus(status).build();
  }

  private double incident() {
    return registry.get("pveha.cluster.incident.guests").gauge().value();
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
