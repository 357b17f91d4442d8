package io.pveha.operator.metrics;

import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReportedStatus;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.operator.connection.Connector;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * All figures of the operator. They follow from the statuses that it reports, so that nothing is
 * asked for their sake; an object's series go when the object goes.
 */
public final class Measures {

  private record Cluster(String namespace, String name) {}

  private static final String LEADER = "pveha.leader";
  private static final String STEPS = "pveha.steps";

  private final MeterRegistry registry;
  private final Clock clock;
  private final Function<ResourceID, Optional<Instant>> viewedAt;
  private final Board board;
  private final FailoverCounts failovers;
  private final Map<Subject, Cluster> incidents = new ConcurrentHashMap<>();
  private volatile boolean leading;

  /**
   * Figures for a registry.
   *
   * @param viewedAt when a cluster was last seen
   */
  public Measures(
      MeterRegistry registry, Clock clock, Function<ResourceID, Optional<Instant>> viewedAt) {
    this.registry = registry;
    this.clock = clock;
    this.viewedAt = viewedAt;
    this.board = new Board(registry);
    this.failovers = new FailoverCounts(registry);
    Gauge.builder(LEADER, this, measures -> measures.leading ? 1 : 0)
        .description(Help.of(LEADER))
        .strongReference(true)
        .register(registry);
  }

  /** Whether this process does the work. */
  public void leads(boolean does) {
    leading = does;
  }

  /**
   * An object was looked at, and its status is as it is saved now.
   *
   * @param former its status before
   */
  public void saw(CustomResource<?, ?> object, ReportedStatus<?> former) {
    Subject subject = Subject.of(object);
    List<Figure> figures = new ArrayList<>();
    if (object.getStatus() instanceof ReportedStatus<?> status) {
      figures.addAll(ConditionFigures.of(subject, status));
    }
    if (object instanceof ProxmoxCluster cluster) {
      figures.addAll(ClusterFigures.of(subject, cluster.reported(), clock));
      figures.addAll(outlook(subject));
    } else if (object instanceof ZfsPool pool) {
      figures.addAll(PoolFigures.of(subject, pool));
    } else if (object instanceof ReplicationJob replication) {
      figures.addAll(ReplicationFigures.of(subject, replication, clock));
    } else if (object instanceof HaResource resource) {
      figures.addAll(GuestFigures.of(subject, resource));
      guest(subject, resource, (HaResourceStatus) former);
    }
    board.show(subject, figures);
  }

  /** A step was asked of Proxmox for an object. */
  public void took(CustomResource<?, ?> object, String action, boolean accepted) {
    Counter.builder(STEPS)
        .description(Help.of(STEPS))
        .tags("kind", object.getKind(), "action", action)
        .tag("outcome", accepted ? "accepted" : "failed")
        .register(registry)
        .increment();
  }

  /** Connections to the nodes of a cluster whose requests are counted and timed. */
  public Connector measured(ProxmoxCluster cluster, Connector connector) {
    return new MeasuredNodes(
        registry, clusterTags(Subject.of(cluster)), cluster.getSpec(), connector);
  }

  /** For JOSDK to tell of reconciliations. */
  public Metrics reconciliations() {
    return new Reconciliations(registry, this);
  }

  /** The object is gone. */
  void forget(Subject subject) {
    board.remove(subject);
    failovers.remove(subject);
    incidents.remove(subject);
    if (subject.kind().equals("ProxmoxCluster")) {
      failovers.removeCluster(subject);
      List<Meter> requests =
          List.copyOf(registry.find(MeasuredNodes.NAME).tags(clusterTags(subject)).meters());
      requests.forEach(registry::remove);
    }
  }

  private void guest(Subject subject, HaResource resource, HaResourceStatus former) {
    failovers.saw(subject, resource, former.failoverCount());
    if (GuestFigures.isInIncident(resource.reported())) {
      incidents.put(
          subject, new Cluster(subject.namespace(), resource.getSpec().clusterRef().name()));
    } else {
      incidents.remove(subject);
    }
  }

  private List<Figure> outlook(Subject subject) {
    Tags tags = clusterTags(subject);
    Cluster cluster = new Cluster(subject.namespace(), subject.name());
    List<Figure> figures = new ArrayList<>();
    figures.add(
        new Figure(
            "pveha.cluster.incident.in.progress",
            "",
            tags,
            () -> incidents.containsValue(cluster) ? 1 : 0));
    ResourceID id = new ResourceID(subject.name(), subject.namespace());
    if (viewedAt.apply(id).isPresent()) {
      figures.add(Figure.seconds("pveha.cluster.view.age", tags, () -> age(id)));
    }
    return figures;
  }

  private double age(ResourceID cluster) {
    return viewedAt
        .apply(cluster)
        .map(at -> Duration.between(at, clock.instant()).toMillis() / 1000.0)
        .orElse(Double.NaN);
  }

  private static Tags clusterTags(Subject cluster) {
    return Tags.of("namespace", cluster.namespace(), "cluster", cluster.name());
  }
}
