package io.pveha.operator.metrics;

import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReplicationJobStatus;
import io.pveha.api.v1alpha1.ReportedStatus;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.operator.connection.Connector;
import io.pveha.operator.metrics.ClusterTotals.Total;
import io.pveha.operator.polling.Predictions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The metrics of the operator. They follow from the statuses that it reports, so nothing is asked
 * for their sake; an object's series go when the object goes.
 */
public final class OperatorMetrics {

  private static final String LEADER = "pveha.leader";
  private static final String STEPS = "pveha.steps";
  private static final String VIEW_AGE = "pveha.cluster.view.age.seconds";

  /** What goes with its cluster. */
  private static final List<String> OF_CLUSTER =
      List.of(
          FailoverMetrics.COUNT,
          FailoverMetrics.OUTAGE,
          FailoverMetrics.PHASE,
          ReplicationMetrics.DURATION,
          RequestMetrics.CALLS,
          RequestMetrics.NODES,
          VIEW_AGE);

  private final MeterRegistry registry;
  private final Clock clock;
  private final Predictions predictions;
  private final Function<ResourceID, Optional<Instant>> viewedAt;
  private final ObjectGauges gauges;
  private final ClusterTotals totals;
  private final FailoverMetrics failovers;
  private volatile boolean leading;

  /**
   * Metrics for a registry.
   *
   * @param viewedAt when a cluster was last seen
   * @param predictions what would become of guests if a node died
   */
  public OperatorMetrics(
      MeterRegistry registry,
      Clock clock,
      Function<ResourceID, Optional<Instant>> viewedAt,
      Predictions predictions) {
    this.registry = registry;
    this.clock = clock;
    this.viewedAt = viewedAt;
    this.predictions = predictions;
    this.gauges = new ObjectGauges(registry, clock);
    this.totals = new ClusterTotals(registry);
    this.failovers = new FailoverMetrics(registry);
    Gauge.builder(LEADER, this, metrics -> metrics.leading ? 1 : 0)
        .description(Help.of(LEADER))
        .strongReference(true)
        .register(registry);
  }

  /** Whether this process does the work. */
  public void leads(boolean does) {
    leading = does;
  }

  /**
   * The status of an object is saved.
   *
   * @param former its status before
   */
  public void reported(CustomResource<?, ?> object, ReportedStatus<?> former) {
    ObjectRef ref = ObjectRef.of(object);
    if (object instanceof ProxmoxCluster cluster) {
      viewAge(ref);
      show(
          ref,
          ref.name(),
          cluster.reported(),
          ClusterMetrics.of(ref, cluster.reported(), predictions));
    } else if (object instanceof ZfsPool pool) {
      show(ref, pool.getSpec().clusterRef().name(), pool.reported(), PoolMetrics.of(ref, pool));
    } else if (object instanceof ReplicationJob replication) {
      String cluster = replication.getSpec().clusterRef().name();
      show(ref, cluster, replication.reported(), ReplicationMetrics.of(ref, replication));
      ReplicationMetrics.time(
          registry, ref.cluster(cluster), (ReplicationJobStatus) former, replication.reported());
    } else if (object instanceof HaResource resource) {
      show(
          ref,
          resource.getSpec().clusterRef().name(),
          resource.reported(),
          GuestMetrics.of(ref, resource, clock.instant()));
      failovers.report(ref, resource, ((HaResourceStatus) former).failoverCount());
    }
  }

  /** A step was asked of Proxmox for an object. */
  public void stepTaken(CustomResource<?, ?> object, String action, boolean accepted) {
    Counter.builder(STEPS)
        .description(Help.of(STEPS))
        .tags("kind", object.getKind(), "action", action)
        .tag("outcome", accepted ? "accepted" : "failed")
        .register(registry)
        .increment();
  }

  /** Connections to the nodes of a cluster whose requests are counted and timed. */
  public Connector timed(ProxmoxCluster cluster, Connector connector) {
    ObjectRef ref = ObjectRef.of(cluster);
    return new RequestMetrics(registry, ref.cluster(ref.name()), cluster.getSpec(), connector);
  }

  /** For JOSDK to tell of reconciliations. */
  public Metrics reconciliations() {
    return new ReconcileMetrics(registry, this);
  }

  /** The object is gone. */
  void removed(ObjectRef object) {
    gauges.report(object, List.of());
    totals.report(object, Map.of());
    failovers.remove(object);
    if (object.kind().equals("ProxmoxCluster")) {
      OF_CLUSTER.stream()
          .flatMap(
              name -> registry.find(name).tags(object.cluster(object.name())).meters().stream())
          .toList()
          .forEach(registry::remove);
    }
  }

  private void show(ObjectRef object, String cluster, ReportedStatus<?> status, List<Sample> own) {
    List<Sample> samples = new ArrayList<>(ConditionMetrics.of(object, status));
    samples.addAll(own);
    gauges.report(object, samples);
    Tags tags = object.cluster(cluster);
    Map<Total, Integer> share = ConditionMetrics.totals(object, tags, status);
    share.put(
        new Total("pveha.cluster.incident.guests", tags),
        status instanceof HaResourceStatus guest && GuestMetrics.isInIncident(guest) ? 1 : 0);
    totals.report(object, share);
  }

  /** Read at the scrape: a cluster that answers no longer is not reported on either. */
  private void viewAge(ObjectRef cluster) {
    ResourceID id = new ResourceID(cluster.name(), cluster.namespace());
    if (viewedAt.apply(id).isPresent()) {
      Gauge.builder(VIEW_AGE, id, this::age)
          .description(Help.of(VIEW_AGE))
          .tags(cluster.cluster(cluster.name()))
          .strongReference(true)
          .register(registry);
    }
  }

  private double age(ResourceID cluster) {
    return viewedAt
        .apply(cluster)
        .map(at -> Duration.between(at, clock.instant()).toMillis() / 1000.0)
        .orElse(Double.NaN);
  }
}
