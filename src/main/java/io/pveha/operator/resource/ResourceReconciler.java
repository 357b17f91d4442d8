package io.pveha.operator.resource;

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
import io.pveha.api.v1alpha1.FailoverMode;
import io.pveha.api.v1alpha1.HaDeletionPolicy;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceSpec;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.resource.ErrorStateRecovery;
import io.pveha.core.resource.PlacementChoice;
import io.pveha.core.resource.ResourceFacts;
import io.pveha.core.resource.ResourcePlanner;
import io.pveha.core.resource.ResourceStep;
import io.pveha.core.resource.WantedResource;
import io.pveha.core.safety.Absence;
import io.pveha.core.safety.Claimant;
import io.pveha.core.safety.Listing;
import io.pveha.core.safety.Ownership;
import io.pveha.core.safety.WritePermit;
import io.pveha.operator.connection.AccessProblem;
import io.pveha.operator.host.Claimants;
import io.pveha.operator.host.CordonedNodes;
import io.pveha.operator.host.Departure;
import io.pveha.operator.host.HostCluster;
import io.pveha.operator.host.HostEvents;
import io.pveha.operator.host.Sites;
import io.pveha.operator.ledger.LedgerKeeper;
import io.pveha.operator.lists.KubernetesLists;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.polling.Trouble;
import io.pveha.operator.polling.Watchers;
import io.pveha.operator.probe.ProbeReport;
import io.pveha.operator.seal.TrustedStatus;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.LogContext;
import io.pveha.operator.status.Verdict;
import io.pveha.operator.steps.Shop;
import io.pveha.operator.steps.Work;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Makes a guest if it does not exist, puts it under Proxmox HA, and reports how it is. */
@ControllerConfiguration(
    name = "haresource",
    finalizerName = ApiNames.FINALIZER,
    informer = @Informer(informerListLimit = KubernetesLists.PAGE),
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 60, timeUnit = TimeUnit.SECONDS))
@GradualRetry(
    maxAttempts = Integer.MAX_VALUE,
    initialInterval = 500,
    intervalMultiplier = 2,
    maxInterval = 30_000)
public final class ResourceReconciler implements Reconciler<HaResource>, Cleaner<HaResource> {

  private static final Duration LATEST_LOOK = Duration.ofSeconds(30);

  /** A guest that never fell silent is known to have arrived by its next answer only. */
  private static final Duration LOOK_ON_THE_WAY = Duration.ofSeconds(5);

  private static final Duration SOON = Duration.ofMillis(500);

  private final Shop shop;
  private final LedgerKeeper ledger;

  public ResourceReconciler(Shop shop) {
    this.shop = shop;
    this.ledger = new LedgerKeeper(shop.watchers().predictions());
  }

  @Override
  public List<EventSource<?, HaResource>> prepareEventSources(
      EventSourceContext<HaResource> context) {
    ResourcePeers.index(context.getPrimaryCache());
    return HostEvents.sources(
        context,
        HaResource.class,
        Watchers.Kind.RESOURCE,
        shop.watchers(),
        shop.lists(),
        resource -> resource.getSpec().clusterRef());
  }

  @Override
  public UpdateControl<HaResource> reconcile(HaResource object, Context<HaResource> context) {
    try (LogContext unused = LogContext.of(object, object.getSpec().clusterRef().name())) {
      return carryOn(object, context);
    }
  }

  private UpdateControl<HaResource> carryOn(HaResource object, Context<HaResource> context) {
    if (shop.mustWait(Watchers.Kind.RESOURCE, object, object.reported(), context)) {
      return UpdateControl.<HaResource>noUpdate().rescheduleAfter(KubernetesLists.LOOK_AGAIN);
    }
    HaResourceSpec spec = object.getSpec();
    concern(object, context);
    HostCluster host = HostCluster.of(object, spec.clusterRef(), context, shop.watchers());
    TrustedStatus<HaResourceStatus> trusted =
        shop.watchers().seals().read(object, object.reported(), host.token());
    HaResourceStatus former = trusted.status();
    Work<HaResourceStatus, HaResource> work =
        Work.sealed(object, trusted, context, shop, host.watcher(), host.token());
    Optional<Duration> healed = work.heal();
    if (healed.isPresent()) {
      return UpdateControl.<HaResource>noUpdate().rescheduleAfter(healed.get());
    }
    Optional<String> moveTo = MoveToOrder.asked(object);
    if (moveTo.isPresent() && host.token().isPresent()) {
      // Saved first: an operator that dies before the next line finds the request.
      work.report(MoveToOrder.received(former, moveTo.get(), work.now()), new Conditions());
      MoveToOrder.ANNOTATION.remove(object, context.getClient());
      return UpdateControl.<HaResource>noUpdate().rescheduleAfter(SOON);
    }
    if (host.letsStand(former)) {
      return UpdateControl.<HaResource>noUpdate().rescheduleAfter(Trouble.LOOK_AGAIN);
    }
    Optional<AccessProblem> obstacle = host.obstacle().or(() -> rival(object, context));
    if (obstacle.isPresent()) {
      Conditions conditions = new Conditions();
      boolean taken = obstacle.get().reason() == ConditionReason.VMID_TAKEN;
      if (taken) {
        Verdict.stalled(conditions, obstacle.get().reason(), obstacle.get().message());
      } else {
        Verdict.outOfSight(
            conditions,
            former.conditions(),
            obstacle.get().reason(),
            obstacle.get().message(),
            ConditionType.GUEST_PRESENT,
            ConditionType.MANAGED,
            ConditionType.IN_REQUESTED_STATE,
            ConditionType.PLACED,
            ConditionType.FAILING_OVER);
      }
      ledger.interrupt(object);
      work.report(
          taken || former.probe() == null ? former : answering(object).report(former, conditions),
          conditions);
      return UpdateControl.<HaResource>noUpdate()
          .rescheduleAfter(taken ? Claimants.RIVAL_LOOK : LATEST_LOOK);
    }
    Duration pause = manage(object, former, host, work, context);
    return UpdateControl.<HaResource>noUpdate().rescheduleAfter(pause);
  }

  private Duration manage(
      HaResource object,
      HaResourceStatus former,
      HostCluster host,
      Work<HaResourceStatus, HaResource> work,
      Context<HaResource> context) {
    HaResourceSpec spec = object.getSpec();
    ClusterFacts facts = host.facts().orElseThrow();
    ClusterWatcher watcher = host.watcher().orElseThrow();
    boolean observeOnly = host.observes(spec.managementPolicy());
    WritePermit permit =
        host.permit(observeOnly, () -> rival(object, context).isEmpty(), shop.leads());
    Conditions conditions = new Conditions();
    if (mode(spec, host) == FailoverMode.OPERATOR) {
      Verdict.stalled(
          conditions,
          ConditionReason.NOT_SUPPORTED,
          "spec.failoverMode: Operator is not supported by this version; write ProxmoxHA.");
      work.report(former, conditions);
      return LATEST_LOOK;
    }
    Memory memory = work.memory();
    GuestExistence existence = GuestExistence.of(object, host, memory, work.now());
    HaResourceStatus remembered = former.withPresence(existence.presence());
    WantedResource wanted = WantedGuests.resource(spec, peers(object, context).all(facts.slow()));
    ResourceFacts slice =
        ResourceFactsReader.resource(
            object,
            wanted,
            facts,
            Sites.remote(host),
            CordonedNodes.of(host.cluster().orElseThrow()));
    Optional<ErrorStateRecovery.Advice> doctor =
        new ErrorStateCases(spec, former, facts, watcher).advice(memory, work.now());
    ResourceReport report = new ResourceReport(spec, remembered, facts, slice, doctor);
    if (!existence.isThere()) {
      existence.report(object, observeOnly, conditions);
      existence.obstacle().ifPresent(unused -> ledger.interrupt(object));
      return work.carryOut(
          existence.making(),
          memory,
          permit,
          report.status(),
          conditions,
          grant -> new GuestActions(watcher, grant));
    }
    Plan<ResourceStep> plan =
        doctor
            .map(ErrorStateRecovery.Advice::plan)
            .orElseGet(() -> ResourcePlanner.plan(wanted, slice, memory, facts.at(), work.now()));
    report.conditions(plan, PlacementChoice.of(wanted, slice, facts.at()), observeOnly, conditions);
    MoveToOrder.whyItStays(object, host.cluster().orElseThrow())
        .filter(unused -> conditions.holds(ConditionType.READY))
        .ifPresent(why -> Verdict.reconciling(conditions, ConditionReason.GUEST_STAYS, why));
    ProbeReport answering = answering(object);
    LedgerKeeper.Page page =
        ledger.open(
            object,
            host.cluster().orElseThrow(),
            facts,
            answering.view(),
            answering.report(report.status(), conditions),
            context);
    Duration pause =
        work.carryOut(
            plan,
            memory,
            permit,
            MoveToOrder.settled(
                ErrorStateCases.recorded(
                    page.status(), doctor, permit.refusal(work.now()).isEmpty(), work.now()),
                object,
                host.cluster().orElseThrow()),
            conditions,
            grant -> new ResourceActions(watcher, grant, slice.placedBy()));
    ledger.close(page, object, work);
    return page.isOpen() && pause.compareTo(LOOK_ON_THE_WAY) > 0 ? LOOK_ON_THE_WAY : pause;
  }

  private ProbeReport answering(HaResource object) {
    return ProbeReport.of(
        shop.probes(),
        object,
        () -> shop.watchers().ring(Watchers.Kind.RESOURCE, ResourceID.fromResource(object)));
  }

  private static FailoverMode mode(HaResourceSpec spec, HostCluster host) {
    return spec.failoverMode() != null
        ? spec.failoverMode()
        : host.cluster().orElseThrow().getSpec().failoverMode();
  }

  private void concern(HaResource object, Context<HaResource> context) {
    shop.watchers()
        .concern(
            Watchers.Kind.RESOURCE,
            ResourceID.fromResource(object),
            new ResourceID(
                object.getSpec().clusterRef().name(), object.getMetadata().getNamespace()),
            ResourceConcern.of(object, peers(object, context).named())
                .with(object.reported().pendingTasks()));
  }

  private static ResourcePeers peers(HaResource object, Context<HaResource> context) {
    return new ResourcePeers(object, context.getPrimaryCache());
  }

  /**
   * Another HaResource owns the guest. Only those of the same ProxmoxCluster count: what belongs to
   * another one for the same Proxmox cluster writes nothing, since that cluster is taken.
   */
  private static Optional<AccessProblem> rival(HaResource object, Context<HaResource> context) {
    HaResourceSpec spec = object.getSpec();
    List<Claimant> claimants =
        peers(object, context).ofGuest().stream().map(Claimants::of).toList();
    return Ownership.otherOwner(Claimants.of(object), claimants)
        .map(
            owner ->
                new AccessProblem(
                    ConditionReason.VMID_TAKEN,
                    "spec.guest.vmid: HaResource %s manages guest %d; delete this one or that one."
                        .formatted(owner.id(), spec.guest().vmid())));
  }

  @Override
  public ErrorStatusUpdateControl<HaResource> updateErrorStatus(
      HaResource resource, Context<HaResource> context, Exception failure) {
    return shop.failed().tell(resource, resource.reported(), context, failure);
  }

  @Override
  public DeleteControl cleanup(HaResource object, Context<HaResource> context) {
    try (LogContext unused = LogContext.of(object, object.getSpec().clusterRef().name())) {
      return shop.failed()
          .deleting(
              object,
              object.reported(),
              context,
              Departure.wayOut(object),
              () -> delete(object, context));
    }
  }

  private DeleteControl delete(HaResource object, Context<HaResource> context) {
    if (shop.mustWait(Watchers.Kind.RESOURCE, object, object.reported(), context)) {
      return DeleteControl.noFinalizerRemoval()
          .rescheduleAfter(KubernetesLists.LOOK_AGAIN.toMillis());
    }
    HaResourceSpec spec = object.getSpec();
    concern(object, context);
    HostCluster host = HostCluster.of(object, spec.clusterRef(), context, shop.watchers());
    Departure departure =
        Departure.of(
            object,
            host,
            spec.deletionPolicy() == HaDeletionPolicy.RETAIN,
            spec.managementPolicy(),
            ConditionType.GUEST_PRESENT);
    if (departure.mayGo()
        || rival(object, context).isPresent()
        || isRemoved(object, departure, host, context)) {
      departure.tell(shop);
      shop.watchers().unconcern(Watchers.Kind.RESOURCE, ResourceID.fromResource(object));
      shop.probes().forget(object.getMetadata().getUid());
      ledger.interrupt(object);
      shop.watchers().seals().forget(object);
      return DeleteControl.defaultDelete();
    }
    return DeleteControl.noFinalizerRemoval().rescheduleAfter(Duration.ofSeconds(2).toMillis());
  }

  /** Takes it out of HA by one round, and tells whether it is out. The guest itself stays. */
  private boolean isRemoved(
      HaResource object, Departure departure, HostCluster host, Context<HaResource> context) {
    HaResourceStatus former = object.reported();
    Work<HaResourceStatus, HaResource> work =
        new Work<>(object, former, context, shop, host.watcher());
    Conditions conditions = new Conditions();
    if (departure.mustWait()) {
      departure.report(conditions, work, former);
      return false;
    }
    ClusterFacts facts = host.facts().orElseThrow();
    WantedResource wanted = WantedGuests.resource(object.getSpec(), Map.of());
    ResourceFacts slice =
        ResourceFactsReader.resource(object, wanted, facts, Sites.remote(host), new TreeMap<>());
    Memory memory = work.memory();
    Plan<ResourceStep> plan =
        ResourcePlanner.removal(wanted, slice, memory, facts.at(), work.now());
    if (plan.isDone()) {
      return departure.isProven(
          List.of(
              Absence.beyond(Listing.HA_RESOURCES), Absence.of(Listing.HA_RESOURCES, wanted.sid())),
          conditions,
          work,
          former);
    }
    Verdict.of(plan, false, conditions, "%s is out of HA.".formatted(wanted.sid()));
    if (!conditions.holds(ConditionType.STALLED)) {
      Verdict.reconciling(
          conditions, ConditionReason.DELETING, "Taking %s out of HA.".formatted(wanted.sid()));
    }
    work.carryOut(
        plan,
        memory,
        host.permit(false, () -> rival(object, context).isEmpty(), shop.leads()),
        former,
        conditions,
        grant -> new ResourceActions(host.watcher().orElseThrow(), grant, slice.placedBy()));
    return false;
  }
}
