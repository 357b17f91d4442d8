package io.pveha.operator.replication;

import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
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
import io.pveha.api.v1alpha1.ManagementPolicy;
import io.pveha.api.v1alpha1.ReplicationDeletionPolicy;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReplicationJobSpec;
import io.pveha.api.v1alpha1.ReplicationJobStatus;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.replication.ReplicationFacts;
import io.pveha.core.replication.ReplicationPlanner;
import io.pveha.core.replication.ReplicationStep;
import io.pveha.operator.host.HostCluster;
import io.pveha.operator.host.HostEvents;
import io.pveha.operator.host.Sites;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.polling.Watchers;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.Verdict;
import io.pveha.operator.steps.Shop;
import io.pveha.operator.steps.Work;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Keeps replication jobs from wherever a guest is to wherever its replicas are wanted. */
@ControllerConfiguration(
    name = "replicationjob",
    finalizerName = ApiNames.FINALIZER,
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 60, timeUnit = TimeUnit.SECONDS))
@GradualRetry(
    maxAttempts = Integer.MAX_VALUE,
    initialInterval = 500,
    intervalMultiplier = 2,
    maxInterval = 30_000)
public final class ReplicationReconciler
    implements Reconciler<ReplicationJob>, Cleaner<ReplicationJob> {

  private final Shop shop;
  private final Schedules schedules = new Schedules();

  public ReplicationReconciler(Shop shop) {
    this.shop = shop;
  }

  @Override
  public List<EventSource<?, ReplicationJob>> prepareEventSources(
      EventSourceContext<ReplicationJob> context) {
    return HostEvents.sources(
        context,
        ReplicationJob.class,
        Watchers.Kind.REPLICATION,
        shop.watchers(),
        job -> job.getSpec().clusterRef());
  }

  @Override
  public UpdateControl<ReplicationJob> reconcile(
      ReplicationJob job, Context<ReplicationJob> context) {
    ReplicationJobSpec spec = job.getSpec();
    ReplicationJobStatus former = job.reported();
    HostCluster host = HostCluster.of(job, spec.clusterRef(), context, shop.watchers());
    ResourceID cluster = new ResourceID(spec.clusterRef().name(), job.getMetadata().getNamespace());
    shop.watchers()
        .concern(
            Watchers.Kind.REPLICATION,
            ResourceID.fromResource(job),
            cluster,
            facts -> ReplicationSlice.of(spec, facts, Set.of()));
    Work<ReplicationJobStatus, ReplicationJob> work =
        new Work<>(job, former, context, shop, host.watcher());
    Conditions conditions = new Conditions();
    if (host.obstacle().isPresent()) {
      Verdict.reconciling(
          conditions, host.obstacle().get().reason(), host.obstacle().get().message());
      work.report(former, conditions);
      return UpdateControl.<ReplicationJob>noUpdate().rescheduleAfter(Duration.ofSeconds(30));
    }
    ClusterFacts facts = host.facts().orElseThrow();
    ClusterWatcher watcher = host.watcher().orElseThrow();
    ReplicationFacts slice = ReplicationSlice.of(spec, facts, Sites.remote(host));
    if (slice.guests().isEmpty()) {
      noGuest(spec, former, conditions, work);
      return UpdateControl.<ReplicationJob>noUpdate().rescheduleAfter(Duration.ofSeconds(30));
    }
    ScheduleWords schedule = schedules.read(cluster, spec.schedule(), watcher);
    Memory memory = work.memory();
    Plan<ReplicationStep> plan =
        ReplicationPlanner.plan(WantedReplications.of(spec), slice, memory, facts.at(), work.now());
    boolean observeOnly = spec.managementPolicy() == ManagementPolicy.OBSERVE;
    ReplicationReport report = new ReplicationReport(spec, former, slice, schedule, work.now());
    ReplicationJobStatus status = report.status();
    report.conditions(status, plan, observeOnly, conditions);
    if (schedule.refusal().isPresent()) {
      Verdict.stalled(conditions, ConditionReason.SCHEDULE_REFUSED, schedule.refusal().get());
    }
    Duration pause =
        work.carryOut(
            plan,
            memory,
            observeOnly || schedule.refusal().isPresent(),
            status,
            conditions,
            new ReplicationTaker(watcher));
    return UpdateControl.<ReplicationJob>noUpdate().rescheduleAfter(pause);
  }

  private static void noGuest(
      ReplicationJobSpec spec,
      ReplicationJobStatus former,
      Conditions conditions,
      Work<ReplicationJobStatus, ReplicationJob> work) {
    if (spec.guest() != null) {
      Verdict.reconciling(
          conditions,
          ConditionReason.GUEST_NOT_FOUND,
          "spec.guest.vmid: there is no guest %d yet.".formatted(spec.guest().vmid()));
    } else {
      Verdict.ready(conditions, ConditionReason.NO_GUEST_SELECTED, "No guest fits spec.selector.");
    }
    conditions.isUnknown(
        ConditionType.RPO_MET, ConditionReason.GUEST_NOT_FOUND, "There is no guest.");
    work.report(former, conditions);
  }

  @Override
  public DeleteControl cleanup(ReplicationJob job, Context<ReplicationJob> context) {
    ReplicationJobSpec spec = job.getSpec();
    HostCluster host = HostCluster.of(job, spec.clusterRef(), context, shop.watchers());
    boolean leave =
        spec.deletionPolicy() == ReplicationDeletionPolicy.RETAIN
            || spec.managementPolicy() == ManagementPolicy.OBSERVE
            || host.cluster().isEmpty();
    if (leave || isRemoved(job, host, context)) {
      shop.watchers().unconcern(Watchers.Kind.REPLICATION, ResourceID.fromResource(job));
      return DeleteControl.defaultDelete();
    }
    return DeleteControl.noFinalizerRemoval().rescheduleAfter(Duration.ofSeconds(5).toMillis());
  }

  /** Carries the deletion policy out by one round, and tells whether no job is left. */
  private boolean isRemoved(ReplicationJob job, HostCluster host, Context<ReplicationJob> context) {
    ReplicationJobStatus former = job.reported();
    Work<ReplicationJobStatus, ReplicationJob> work =
        new Work<>(job, former, context, shop, host.watcher());
    Conditions conditions = new Conditions();
    if (host.obstacle().isPresent()) {
      Verdict.reconciling(conditions, ConditionReason.DELETING, host.obstacle().get().message());
      work.report(former, conditions);
      return false;
    }
    ClusterFacts facts = host.facts().orElseThrow();
    Memory memory = work.memory();
    Plan<ReplicationStep> plan =
        ReplicationPlanner.removal(
            ReplicationSlice.of(job.getSpec(), facts, Set.of()),
            job.getSpec().deletionPolicy() == ReplicationDeletionPolicy.KEEP_REPLICAS,
            memory,
            facts.at(),
            work.now());
    if (plan.isDone()) {
      return true;
    }
    Verdict.reconciling(
        conditions,
        ConditionReason.DELETING,
        plan.findings().stream()
                .map(Finding::message)
                .findFirst()
                .orElse("Proxmox is asked to remove the jobs.")
            + " To let go without, set deletionPolicy: Retain.");
    work.carryOut(
        plan,
        memory,
        false,
        former,
        conditions,
        new ReplicationTaker(host.watcher().orElseThrow()));
    return false;
  }
}
