package io.pveha.operator.replication;

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
import io.pveha.api.v1alpha1.ReplicationDeletionPolicy;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReplicationJobSpec;
import io.pveha.api.v1alpha1.ReplicationJobStatus;
import io.pveha.core.plan.Finding;
import io.pveha.core.safety.Absence;
import io.pveha.core.safety.Listing;
import io.pveha.operator.connection.AccessProblem;
import io.pveha.operator.host.Departure;
import io.pveha.operator.host.HostCluster;
import io.pveha.operator.host.HostEvents;
import io.pveha.operator.host.SpecChangeFilter;
import io.pveha.operator.lists.KubernetesLists;
import io.pveha.operator.polling.ClusterWatcher;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Keeps replication jobs from wherever a guest is to wherever its replicas are wanted. */
@ControllerConfiguration(
    name = "replicationjob",
    finalizerName = ApiNames.FINALIZER,
    generationAwareEventProcessing = false,
    informer =
        @Informer(
            onUpdateFilter = SpecChangeFilter.class,
            informerListLimit = KubernetesLists.PAGE),
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 60, timeUnit = TimeUnit.SECONDS))
@GradualRetry(
    maxAttempts = Integer.MAX_VALUE,
    initialInterval = 500,
    intervalMultiplier = 2,
    maxInterval = 30_000)
public final class ReplicationReconciler
    implements Reconciler<ReplicationJob>, Cleaner<ReplicationJob> {

  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration LATEST_LOOK = Duration.ofSeconds(30);

  private final Shop shop;
  private final Schedules schedules = new Schedules();

  public ReplicationReconciler(Shop shop) {
    this.shop = shop;
  }

  @Override
  public List<EventSource<?, ReplicationJob>> prepareEventSources(
      EventSourceContext<ReplicationJob> context) {
    Claims.index(context.getPrimaryCache());
    return HostEvents.sources(
        context,
        ReplicationJob.class,
        Watchers.Kind.REPLICATION,
        shop.watchers(),
        shop.lists(),
        job -> job.getSpec().clusterRef());
  }

  @Override
  public UpdateControl<ReplicationJob> reconcile(
      ReplicationJob job, Context<ReplicationJob> context) {
    try (LogContext unused = LogContext.of(job, job.getSpec().clusterRef().name())) {
      return carryOn(job, context);
    }
  }

  private UpdateControl<ReplicationJob> carryOn(
      ReplicationJob job, Context<ReplicationJob> context) {
    if (shop.mustWait(Watchers.Kind.REPLICATION, job, job.reported(), context)) {
      return UpdateControl.<ReplicationJob>noUpdate().rescheduleAfter(KubernetesLists.LOOK_AGAIN);
    }
    ReplicationJobSpec spec = job.getSpec();
    concern(job);
    HostCluster host = HostCluster.of(job, spec.clusterRef(), context, shop.watchers());
    TrustedStatus<ReplicationJobStatus> trusted =
        shop.watchers().seals().read(job, job.reported(), host.token());
    ReplicationJobStatus former = trusted.status();
    Work<ReplicationJobStatus, ReplicationJob> work =
        Work.sealed(job, trusted, context, shop, host.watcher(), host.token());
    Optional<Duration> healed = work.heal();
    if (healed.isPresent()) {
      return UpdateControl.<ReplicationJob>noUpdate().rescheduleAfter(healed.get());
    }
    Conditions conditions = new Conditions();
    if (host.letsStand(former)) {
      return UpdateControl.<ReplicationJob>noUpdate().rescheduleAfter(Trouble.LOOK_AGAIN);
    }
    if (host.obstacle().isPresent()) {
      AccessProblem obstacle = host.obstacle().get();
      Duration pause = unseen(spec, former, obstacle, LATEST_LOOK, conditions, work);
      return UpdateControl.<ReplicationJob>noUpdate().rescheduleAfter(pause);
    }
    Optional<Finding> doubt = SelectionDoubt.of(spec, former, host.facts().orElseThrow());
    if (doubt.isPresent()) {
      AccessProblem unclear = new AccessProblem(doubt.get().reason(), doubt.get().message());
      // A guest that is missed for a moment may come back as another one under its number.
      SelectedGuests guests =
          new SelectedGuests(job, host.facts().orElseThrow(), Claims.of(job, context), work.now());
      ReplicationJobStatus missed = former.withSelection(guests.formerWithGaps());
      Duration pause = unseen(spec, missed, unclear, SOON, conditions, work);
      return UpdateControl.<ReplicationJob>noUpdate().rescheduleAfter(pause);
    }
    Claims claims = Claims.of(job, context);
    ReplicationRound round = new ReplicationRound(job, host, claims, work.now());
    if (round.selected().isIdle()) {
      noGuest(round, former, conditions, work);
      return UpdateControl.<ReplicationJob>noUpdate().rescheduleAfter(LATEST_LOOK);
    }
    if (SyncNowOrder.isAsked(job)) {
      // Saved first: an operator that dies before the next line finds the order.
      work.report(
          former.withSyncNow(
              SyncNowOrder.received(Optional.ofNullable(former.syncNow()), work.now())),
          conditions);
      SyncNowOrder.ANNOTATION.remove(job, context.getClient());
      host.watcher().ifPresent(ClusterWatcher::refresh);
      return UpdateControl.<ReplicationJob>noUpdate().rescheduleAfter(Duration.ofMillis(500));
    }
    ResourceID cluster = new ResourceID(spec.clusterRef().name(), job.getMetadata().getNamespace());
    ScheduleAnswer schedule =
        schedules.read(cluster, spec.schedule(), host.watcher().orElseThrow(), work.now());
    ReplicationRound.Outcome outcome = round.decide(schedule, work.memory(), conditions);
    Duration pause =
        work.carryOut(
            outcome.plan(),
            work.memory(),
            host.permit(
                host.observes(spec.managementPolicy()),
                () -> claims.isSame(Claims.of(job, context)),
                shop.leads()),
            outcome.status(),
            conditions,
            grant -> new ReplicationActions(host.watcher().orElseThrow(), grant));
    outcome
        .finishedOrder()
        .ifPresent(
            order ->
                shop.transitions()
                    .tell(
                        job,
                        order.isGood(),
                        order.isGood() ? "SyncedNow" : "SyncNowIncomplete",
                        order.summary()));
    return UpdateControl.<ReplicationJob>noUpdate().rescheduleAfter(pause);
  }

  private void concern(ReplicationJob job) {
    shop.watchers()
        .concern(
            Watchers.Kind.REPLICATION,
            ResourceID.fromResource(job),
            new ResourceID(job.getSpec().clusterRef().name(), job.getMetadata().getNamespace()),
            ReplicationConcern.of(job.getSpec()).with(job.reported().pendingTasks()));
  }

  /** It can't be looked at: what was known of its replicas ages, and nothing is done about it. */
  private static Duration unseen(
      ReplicationJobSpec spec,
      ReplicationJobStatus former,
      AccessProblem why,
      Duration pause,
      Conditions conditions,
      Work<ReplicationJobStatus, ReplicationJob> work) {
    Verdict.outOfSight(
        conditions, former.conditions(), why.reason(), why.message(), ConditionType.DEGRADED);
    if (why.reason() == ConditionReason.PERMISSION_DENIED) {
      Verdict.stalled(conditions, why.reason(), why.message());
    }
    LastKnownReplicas replicas = new LastKnownReplicas(spec, former, work.now());
    replicas.judge(conditions, why.reason());
    work.report(replicas.status(), conditions);
    return replicas.pause(pause);
  }

  private static void noGuest(
      ReplicationRound round,
      ReplicationJobStatus former,
      Conditions conditions,
      Work<ReplicationJobStatus, ReplicationJob> work) {
    boolean isGone = round.spec().guest() == null || round.selected().taken().isPresent();
    ReplicationJobStatus status = isGone ? former.withoutJobs() : former;
    if (round.selected().taken().isPresent()) {
      Verdict.stalled(
          conditions, ConditionReason.JOB_TAKEN, round.selected().taken().get().message());
    } else if (round.spec().guest() != null) {
      Verdict.reconciling(
          conditions,
          ConditionReason.GUEST_NOT_FOUND,
          "spec.guest.vmid: there is no guest %d yet.".formatted(round.spec().guest().vmid()));
    } else {
      Verdict.ready(conditions, ConditionReason.NO_GUEST_SELECTED, "No guest fits spec.selector.");
    }
    conditions.isUnknown(
        ConditionType.RPO_MET, ConditionReason.GUEST_NOT_FOUND, "There is no guest.");
    conditions.isFalse(
        ConditionType.DEGRADED, ConditionReason.GUEST_NOT_FOUND, "There is no guest.");
    work.report(
        status
            .withPlannedChanges(List.of())
            .withPendingTasks(List.of())
            .withSelection(round.selected().saved()),
        conditions);
  }

  @Override
  public ErrorStatusUpdateControl<ReplicationJob> updateErrorStatus(
      ReplicationJob job, Context<ReplicationJob> context, Exception failure) {
    return shop.failed().tell(job, job.reported(), context, failure);
  }

  @Override
  public DeleteControl cleanup(ReplicationJob job, Context<ReplicationJob> context) {
    try (LogContext unused = LogContext.of(job, job.getSpec().clusterRef().name())) {
      return shop.failed()
          .deleting(
              job, job.reported(), context, Departure.wayOut(job), () -> delete(job, context));
    }
  }

  private DeleteControl delete(ReplicationJob job, Context<ReplicationJob> context) {
    if (shop.mustWait(Watchers.Kind.REPLICATION, job, job.reported(), context)) {
      return DeleteControl.noFinalizerRemoval()
          .rescheduleAfter(KubernetesLists.LOOK_AGAIN.toMillis());
    }
    ReplicationJobSpec spec = job.getSpec();
    concern(job);
    HostCluster host = HostCluster.of(job, spec.clusterRef(), context, shop.watchers());
    Departure departure =
        Departure.of(
            job,
            host,
            spec.deletionPolicy() == ReplicationDeletionPolicy.RETAIN,
            spec.managementPolicy(),
            ConditionType.DEGRADED);
    if (departure.mayGo() || isRemoved(job, departure, host, context)) {
      departure.tell(shop);
      shop.watchers().unconcern(Watchers.Kind.REPLICATION, ResourceID.fromResource(job));
      shop.watchers().seals().forget(job);
      return DeleteControl.defaultDelete();
    }
    return DeleteControl.noFinalizerRemoval().rescheduleAfter(Duration.ofSeconds(5).toMillis());
  }

  /** Jobs that had to go are seen to be gone; a list that lacks them may be filtered. */
  private static List<Absence> absence(List<String> jobs) {
    return Stream.concat(
            Stream.of(Absence.beyond(Listing.REPLICATION_JOBS), Absence.beyond(Listing.GUESTS)),
            jobs.stream().map(id -> Absence.of(Listing.REPLICATION_JOBS, id)))
        .toList();
  }

  /** Carries the deletion policy out by one round, and tells whether no job is left. */
  private boolean isRemoved(
      ReplicationJob job, Departure departure, HostCluster host, Context<ReplicationJob> context) {
    TrustedStatus<ReplicationJobStatus> trusted =
        shop.watchers().seals().read(job, job.reported(), host.token());
    ReplicationJobStatus former = trusted.status();
    Work<ReplicationJobStatus, ReplicationJob> work =
        Work.sealed(job, trusted, context, shop, host.watcher(), host.token());
    if (work.heal().isPresent()) {
      return false;
    }
    Conditions conditions = new Conditions();
    if (departure.mustWait()) {
      departure.report(conditions, work, former);
      return false;
    }
    Claims claims = Claims.of(job, context);
    ReplicationRound round = new ReplicationRound(job, host, claims, work.now());
    ReplicationRound.Removal removal = round.remove(work.memory());
    if (removal.isDone()) {
      boolean isProven = departure.isProven(absence(round.going()), conditions, work, former);
      if (isProven && !removal.left().isEmpty()) {
        work.tell(false, ConditionReason.FOREIGN_JOB.text(), removal.left());
      }
      return isProven;
    }
    Verdict.reconciling(
        conditions,
        ConditionReason.DELETING,
        "%s %s".formatted(removal.message(), removal.left()).strip());
    work.carryOut(
        removal.plan(),
        work.memory(),
        host.permit(false, () -> claims.isSame(Claims.of(job, context)), shop.leads()),
        removal.status(),
        conditions,
        grant -> new ReplicationActions(host.watcher().orElseThrow(), grant));
    return false;
  }
}
