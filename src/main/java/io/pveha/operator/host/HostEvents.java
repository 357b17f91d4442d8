package io.pveha.operator.host;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.pveha.api.v1alpha1.ClusterRef;
import io.pveha.api.v1alpha1.FormationPhase;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.operator.lists.KubernetesLists;
import io.pveha.operator.polling.Watchers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What wakes an object that belongs to a cluster: the cluster's own object, and its watcher. */
public final class HostEvents {

  private HostEvents() {}

  /** Event sources for one kind. */
  public static <P extends CustomResource<?, ?>> List<EventSource<?, P>> sources(
      EventSourceContext<P> context,
      Class<P> type,
      Watchers.Kind kind,
      Watchers watchers,
      KubernetesLists lists,
      Function<P, ClusterRef> ref) {
    context
        .getPrimaryCache()
        .addIndexer(Peers.BY_CLUSTER, object -> List.of(Peers.key(object, ref.apply(object))));
    SimpleInboundEventSource<P> bell = new SimpleInboundEventSource<>("polling");
    watchers.onWake(kind, bell::propagateEvent);
    InformerEventSource<ProxmoxCluster, P> clusters =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(ProxmoxCluster.class, type)
                .withName("clusters")
                .withInformerListLimit(KubernetesLists.PAGE)
                .withOnUpdateFilter((now, before) -> concerns(before, now))
                .<P>withPrimaryToSecondaryMapper(object -> Set.of(cluster(object, ref)))
                .withSecondaryToPrimaryMapper(
                    cluster ->
                        context
                            .getPrimaryCache()
                            .byIndex(
                                Peers.BY_CLUSTER,
                                Peers.key(cluster, new ClusterRef(cluster.getMetadata().getName())))
                            .stream()
                            .map(ResourceID::fromResource)
                            .collect(Collectors.toSet()))
                .build(),
            context);
    lists.watches(
        kind.name(),
        Map.of(
            HasMetadata.getFullResourceName(type),
            context.getPrimaryCache(),
            HasMetadata.getFullResourceName(ProxmoxCluster.class),
            clusters));
    return List.of(bell, clusters);
  }

  /**
   * Only what matters to others: the spec, that it is formed, nodes kept away from, and moves. The
   * watcher tells the rest.
   */
  private static boolean concerns(ProxmoxCluster before, ProxmoxCluster now) {
    return !Objects.equals(before.getMetadata().getGeneration(), now.getMetadata().getGeneration())
        || isFormed(before) != isFormed(now)
        || Departure.isAbandoned(before) != Departure.isAbandoned(now)
        || !CordonedNodes.of(before).equals(CordonedNodes.of(now))
        || !before.reported().moves().equals(now.reported().moves());
  }

  private static boolean isFormed(ProxmoxCluster cluster) {
    return cluster.reported().formation() != null
        && cluster.reported().formation().phase() == FormationPhase.FORMED;
  }

  private static <P extends CustomResource<?, ?>> ResourceID cluster(
      P object, Function<P, ClusterRef> ref) {
    return new ResourceID(ref.apply(object).name(), object.getMetadata().getNamespace());
  }
}
