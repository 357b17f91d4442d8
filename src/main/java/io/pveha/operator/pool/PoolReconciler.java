package io.pveha.operator.pool;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.PoolDeletionPolicy;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.api.v1alpha1.ZfsPoolSpec;
import io.pveha.api.v1alpha1.ZfsPoolStatus;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.storage.PoolFacts;
import io.pveha.core.storage.PoolPlanner;
import io.pveha.core.storage.PoolStep;
import io.pveha.core.storage.WantedPool;
import io.pveha.operator.host.Claimants;
import io.pveha.operator.host.Departure;
import io.pveha.operator.host.HostCluster;
import io.pveha.operator.host.HostEvents;
import io.pveha.operator.lists.KubernetesLists;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.ClusterKey;
import io.pveha.operator.polling.Concern;
import io.pveha.operator.polling.Trouble;
import io.pveha.operator.polling.Watchers;
import io.pveha.operator.seal.TrustedStatus;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.LogContext;
import io.pveha.operator.status.Verdict;
import io.pveha.operator.steps.Shop;
import io.pveha.operator.steps.Work;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;

/** Makes a pool of one name on every node of the spec, and one storage entry for all of them. */
@ControllerConfiguration(
    name = "zfspool",
    finalizerName = ApiNames.FINALIZER,
    informer = @Informer(informerListLimit = KubernetesLists.PAGE),
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 60, timeUnit = TimeUnit.SECONDS))
@GradualRetry(
    maxAttempts = Integer.MAX_VALUE,
    initialInterval = 500,
    intervalMultiplier = 2,
    maxInterval = 30_000)
public final class PoolReconciler implements Reconciler<ZfsPool>, Cleaner<ZfsPool> {

  /** Of pools there are few, and disks of any node may be picked. */
  static final Concern CONCERN =
      Concern.of(Set.of(ClusterKey.NODES, ClusterKey.STORAGES, ClusterKey.POOLS));

  private final Shop shop;

  public PoolReconciler(Shop shop) {
    this.shop = shop;
  }

  @Override
  public List<EventSource<?, ZfsPool>> prepareEventSources(EventSourceContext<ZfsPool> context) {
    return HostEvents.sources(
        context,
        ZfsPool.class,
        Watchers.Kind.POOL,
        shop.watchers(),
        shop.lists(),
        pool -> pool.getSpec().clusterRef());
  }

  @Override
  public UpdateControl<ZfsPool> reconcile(ZfsPool pool, Context<ZfsPool> context) {
    try (LogContext unused = LogContext.of(pool, pool.getSpec().clusterRef().name())) {
      return carryOn(pool, context);
    }
  }

  private UpdateControl<ZfsPool> carryOn(ZfsPool pool, Context<ZfsPool> context) {
    if (shop.mustWait(Watchers.Kind.POOL, pool, pool.reported(), context)) {
      return UpdateControl.<ZfsPool>noUpdate().rescheduleAfter(KubernetesLists.LOOK_AGAIN);
    }
    ZfsPoolSpec spec = pool.getSpec();
    WantedPool wanted = WantedPools.of(spec);
    concern(pool);
    HostCluster host = HostCluster.of(pool, spec.clusterRef(), context, shop.watchers());
    TrustedStatus<ZfsPoolStatus> trusted =
        shop.watchers().seals().read(pool, pool.reported(), host.token());
    ZfsPoolStatus former = trusted.status();
    Work<ZfsPoolStatus, ZfsPool> work =
        Work.sealed(pool, trusted, context, shop, host.watcher(), host.token());
    Optional<Duration> healed = work.heal();
    if (healed.isPresent()) {
      return UpdateControl.<ZfsPool>noUpdate().rescheduleAfter(healed.get());
    }
    Conditions conditions = new Conditions();
    if (host.letsStand(former)) {
      return UpdateControl.<ZfsPool>noUpdate().rescheduleAfter(Trouble.LOOK_AGAIN);
    }
    if (host.obstacle().isPresent()) {
      Verdict.outOfSight(
          conditions,
          former.conditions(),
          host.obstacle().get().reason(),
          host.obstacle().get().message(),
          ConditionType.POOLS_HEALTHY,
          ConditionType.STORAGE_READY);
      work.report(former, conditions);
      return UpdateControl.<ZfsPool>noUpdate().rescheduleAfter(Duration.ofSeconds(30));
    }
    Optional<Finding> taken = PoolClaims.taken(pool, context);
    if (taken.isPresent()) {
      ConditionReason reason = taken.get().reason();
      Verdict.stalled(conditions, reason, taken.get().message());
      Conditions.told(former.conditions(), ConditionType.POOLS_HEALTHY, ConditionType.STORAGE_READY)
          .forEach(type -> conditions.isUnknown(type, reason, taken.get().message()));
      work.report(former.withPlannedChanges(List.of()), conditions);
      return UpdateControl.<ZfsPool>noUpdate().rescheduleAfter(Claimants.RIVAL_LOOK);
    }
    ClusterFacts facts = host.facts().orElseThrow();
    PoolFacts slice = PoolFactsReader.of(wanted, facts);
    Memory memory = work.memory();
    PoolPresence presence = PoolPresence.of(pool, wanted, slice, work.now());
    SortedSet<NodeName> leaving =
        PoolPlanner.leaving(
            wanted, slice, former.nodes().stream().map(node -> new NodeName(node.name())).toList());
    PoolInspection inspection = new PoolInspection(wanted, host.watcher().orElseThrow());
    Plan<PoolStep> plan =
        PoolPlanner.plan(
            wanted,
            slice,
            new PoolPlanner.Insight(
                leaving,
                inspection.ofLeaving(leaving, facts),
                presence.lost(),
                slice.storage().isPresent() ? Optional.empty() : inspection.hidden(facts)),
            memory,
            facts.at(),
            work.now());
    boolean observeOnly = host.observes(spec.managementPolicy());
    PoolReport report =
        new PoolReport(spec, former, facts, slice, leaving, presence, plan, observeOnly);
    ZfsPoolStatus status = report.status();
    report.conditions(status, conditions);
    Duration pause =
        work.carryOut(
            plan,
            memory,
            host.permit(observeOnly, () -> PoolClaims.taken(pool, context).isEmpty(), shop.leads()),
            status,
            conditions,
            grant -> new PoolActions(host.watcher().orElseThrow(), grant));
    return UpdateControl.<ZfsPool>noUpdate().rescheduleAfter(pause);
  }

  private void concern(ZfsPool pool) {
    shop.watchers()
        .concern(
            Watchers.Kind.POOL,
            ResourceID.fromResource(pool),
            new ResourceID(pool.getSpec().clusterRef().name(), pool.getMetadata().getNamespace()),
            CONCERN.with(pool.reported().pendingTasks()));
  }

  @Override
  public ErrorStatusUpdateControl<ZfsPool> updateErrorStatus(
      ZfsPool pool, Context<ZfsPool> context, Exception failure) {
    return shop.failed().tell(pool, pool.reported(), context, failure);
  }

  @Override
  public DeleteControl cleanup(ZfsPool pool, Context<ZfsPool> context) {
    try (LogContext unused = LogContext.of(pool, pool.getSpec().clusterRef().name())) {
      return shop.failed()
          .deleting(
              pool, pool.reported(), context, Departure.wayOut(pool), () -> delete(pool, context));
    }
  }

  private DeleteControl delete(ZfsPool pool, Context<ZfsPool> context) {
    if (shop.mustWait(Watchers.Kind.POOL, pool, pool.reported(), context)) {
      return DeleteControl.noFinalizerRemoval()
          .rescheduleAfter(KubernetesLists.LOOK_AGAIN.toMillis());
    }
    ZfsPoolSpec spec = pool.getSpec();
    concern(pool);
    HostCluster host = HostCluster.of(pool, spec.clusterRef(), context, shop.watchers());
    Departure departure =
        Departure.of(
            pool,
            host,
            spec.deletionPolicy() == PoolDeletionPolicy.RETAIN,
            spec.managementPolicy(),
            ConditionType.POOLS_HEALTHY);
    Optional<Finding> taken = PoolClaims.taken(pool, context);
    if (departure.mayGo()
        || taken.isPresent()
        || new PoolDismantling(pool, host, shop, context).isDone(departure)) {
      departure.tell(shop);
      taken
          .filter(unused -> !departure.mayGo())
          .ifPresent(owner -> departure.leave(shop, owner.message()));
      shop.watchers().unconcern(Watchers.Kind.POOL, ResourceID.fromResource(pool));
      shop.watchers().seals().forget(pool);
      return DeleteControl.defaultDelete();
    }
    return DeleteControl.noFinalizerRemoval().rescheduleAfter(Duration.ofSeconds(5).toMillis());
  }
}
