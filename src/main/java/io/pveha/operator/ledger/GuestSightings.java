package io.pveha.operator.ledger;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.pveha.api.v1alpha1.FailoverCause;
import io.pveha.api.v1alpha1.FailoverPhase;
import io.pveha.api.v1alpha1.GuestKind;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceSpec;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.api.v1alpha1.HaResourceStatus.Failover;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.GuestReadiness;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Move;
import io.pveha.api.v1alpha1.RequestedState;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.failover.GuestForecast;
import io.pveha.core.ledger.FailoverContext;
import io.pveha.core.ledger.FailoverRecord;
import io.pveha.core.ledger.GuestSighting;
import io.pveha.core.ledger.GuestSighting.Order;
import io.pveha.core.ledger.GuestSighting.ProbeView;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.Predictions;
import io.pveha.operator.status.Conditions;
import io.pveha.proxmox.GuestCalls.Guest;
import io.pveha.proxmox.HaCalls.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What of a cluster's facts and of saved status concerns the ledger of one guest. */
final class GuestSightings {

  private final HaResource object;
  private final HaResourceSpec spec;
  private final HaResourceStatus former;
  private final ProxmoxCluster cluster;
  private final ClusterFacts facts;
  private final Predictions predictions;
  private final Optional<Guest> guest;

  GuestSightings(
      HaResource object, ProxmoxCluster cluster, ClusterFacts facts, Predictions predictions) {
    this.object = object;
    this.spec = object.getSpec();
    this.former = object.reported();
    this.cluster = cluster;
    this.facts = facts;
    this.predictions = predictions;
    this.guest = facts.fast().guest(spec.guest().vmid());
  }

  Optional<FailoverRecord> inProgress() {
    return Optional.ofNullable(former.failoverInProgress()).map(LedgerEntries::read);
  }

  GuestSighting sighting(Optional<ProbeView> probe) {
    return new GuestSighting(
        facts.fast().at(),
        guest.map(Guest::node),
        guest.map(GuestSightings::running).orElse(Belief.UNKNOWN),
        facts
            .fast()
            .service(spec.guest().sid())
            .filter(service -> service.node() != null)
            .map(GuestSightings::service),
        nodes(false),
        nodes(true),
        inMaintenance(),
        silentSince(),
        probe,
        orders());
  }

  FailoverContext terms(Supplier<Optional<Duration>> rpo) {
    return new FailoverContext(
        spec.guest().sid(),
        spec.guest().kind() == GuestKind.CT,
        spec.state() == RequestedState.STARTED,
        Optional.ofNullable(former.node()).map(NodeName::new),
        recoveryPoints(),
        predictedOutage(),
        lastLoss(),
        Optional.ofNullable(spec.rtoSeconds()).map(Duration::ofSeconds),
        rpo.get());
  }

  private static Belief running(Guest guest) {
    return switch (guest.status()) {
      case "running" -> Belief.YES;
      case "stopped" -> Belief.NO;
      default -> Belief.UNKNOWN;
    };
  }

  private static GuestSighting.Service service(Service service) {
    return new GuestSighting.Service(
        service.state(),
        new NodeName(service.node()),
        service.running(),
        service.failedNodes().stream().map(NodeName::new).collect(Collectors.toSet()));
  }

  /** Nodes that are confirmed online, or confirmed offline. */
  private Set<NodeName> nodes(boolean online) {
    return facts.names().stream()
        .filter(node -> facts.fast().online(node).filter(is -> is == online).isPresent())
        .collect(Collectors.toSet());
  }

  private Set<NodeName> inMaintenance() {
    return facts.fast().ha().manager().nodeStatus().entrySet().stream()
        .filter(node -> node.getValue().equals("maintenance"))
        .map(node -> new NodeName(node.getKey()))
        .collect(Collectors.toSet());
  }

  /** Since when the node that it was on has been silent, as the cluster's object has it. */
  private Optional<Instant> silentSince() {
    return inProgress()
        .map(record -> record.from().value())
        .or(() -> guest.map(found -> found.node().value()))
        .flatMap(cluster.reported()::node)
        .flatMap(
            node ->
                node.conditions().stream()
                    .filter(c -> c.getType().equals(NodeConditionType.REACHABLE.text()))
                    .filter(c -> c.getStatus().equals("False"))
                    .findFirst())
        .map(condition -> Conditions.since(condition, facts.fast().at()));
  }

  private List<Order> orders() {
    return cluster.reported().moves().stream()
        .filter(move -> spec.guest().sid().equals(move.guest()) && move.from() != null)
        .sorted(
            Comparator.comparing(
                    Move::startedAt, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()))
                .reversed())
        .map(
            move ->
                new Order(
                    new NodeName(move.from()),
                    Optional.ofNullable(move.to()).map(NodeName::new),
                    move.cause() == null ? FailoverCause.REQUESTED : move.cause(),
                    Optional.ofNullable(move.finishedAt())))
        .toList();
  }

  /** As saved before this look: its own entry of a job dies with the node. */
  private Map<NodeName, Instant> recoveryPoints() {
    Map<NodeName, Instant> points = new TreeMap<>();
    former.replicas().stream()
        .filter(replica -> replica.lastSync() != null)
        .forEach(replica -> points.put(new NodeName(replica.node()), replica.lastSync()));
    return points;
  }

  /** As this process last predicted it, or one before it did of a guest that is listed. */
  private Optional<Long> predictedOutage() {
    return Optional.ofNullable(former.node())
        .flatMap(node -> predictions.ifLost(ResourceID.fromResource(cluster), node, sid()))
        .flatMap(GuestForecast::outage)
        .map(Duration::toSeconds)
        .or(this::listedOutage);
  }

  private Optional<Long> listedOutage() {
    return cluster.reported().failoverReadiness().stream()
        .filter(readiness -> readiness.node().equals(former.node()))
        .flatMap(readiness -> readiness.guests().stream())
        .filter(forecast -> sid().equals(forecast.guest()))
        .map(GuestReadiness::outageSeconds)
        .filter(Objects::nonNull)
        .findFirst();
  }

  private String sid() {
    return spec.guest().sid();
  }

  /** When it was lost the last time, if the entry of that says that it never ran since. */
  private Optional<Instant> lastLoss() {
    return former.failovers().stream()
        .findFirst()
        .filter(last -> Objects.equals(last.to(), inProgressFrom()))
        .filter(last -> last.reached(FailoverPhase.RUNNING).isEmpty())
        .flatMap(last -> last.reached(FailoverPhase.LOSS_SEEN));
  }

  private String inProgressFrom() {
    Failover current = object.reported().failoverInProgress();
    return current == null ? "" : current.from();
  }
}
