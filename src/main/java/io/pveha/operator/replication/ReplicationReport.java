package io.pveha.operator.replication;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.JobState;
import io.pveha.api.v1alpha1.ReplicationJobSpec;
import io.pveha.api.v1alpha1.ReplicationJobStatus;
import io.pveha.api.v1alpha1.ReplicationJobStatus.Job;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Plan;
import io.pveha.core.replication.Freshness;
import io.pveha.core.replication.ReplicationFacts;
import io.pveha.core.replication.ReplicationStep;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Tells how the jobs stand and how fresh the replicas are. */
final class ReplicationReport {

  private final ReplicationJobSpec spec;
  private final ReplicationJobStatus former;
  private final ReplicationFacts facts;
  private final ScheduleWords schedule;
  private final Instant now;

  ReplicationReport(
      ReplicationJobSpec spec,
      ReplicationJobStatus former,
      ReplicationFacts facts,
      ScheduleWords schedule,
      Instant now) {
    this.spec = spec;
    this.former = former;
    this.facts = facts;
    this.schedule = schedule;
    this.now = now;
  }

  ReplicationJobStatus status() {
    List<Job> jobs =
        facts.jobs().stream().map(this::job).sorted(Comparator.comparing(Job::id)).toList();
    long healthy =
        jobs.stream()
            .filter(job -> job.state() == JobState.OK || job.state() == JobState.SYNCING)
            // The first run is no replica yet.
            .filter(job -> job.lastSync() != null)
            .count();
    return new ReplicationJobStatus(
        former.observedGeneration(),
        former.conditions(),
        former.plannedChanges(),
        former.pendingTasks(),
        facts.guests().size() == 1 ? facts.guests().get(0).home().value() : null,
        healthy + "/" + jobs.size(),
        jobs.stream()
            .map(Job::lastSync)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder())
            .orElse(null),
        schedule.interval().map(Duration::toSeconds).orElse(former.scheduleIntervalSeconds()),
        jobs);
  }

  void conditions(
      ReplicationJobStatus status,
      Plan<ReplicationStep> plan,
      boolean observeOnly,
      Conditions conditions) {
    schedule
        .refusal()
        .ifPresentOrElse(
            words ->
                conditions.isFalse(
                    ConditionType.SCHEDULE_ACCEPTED, ConditionReason.SCHEDULE_REFUSED, words),
            () ->
                conditions.isTrue(
                    ConditionType.SCHEDULE_ACCEPTED,
                    ConditionReason.HEALTHY,
                    "Proxmox understands " + spec.schedule() + "."));
    degraded(status, plan, conditions);
    Optional<Freshness> worst = worstFreshness(status);
    worst.ifPresent(freshness -> rpo(freshness, conditions));
    Verdict.of(
        plan,
        observeOnly,
        conditions,
        "%d jobs replicate %d guests, %s."
            .formatted(status.jobs().size(), facts.guests().size(), spec.schedule()));
    boolean asSpecified = plan.isDone() && !observeOnly;
    if (asSpecified && !spec.suspend() && worst.filter(f -> f.met().isEmpty()).isPresent()) {
      Verdict.reconciling(
          conditions,
          Verdict.reason(worst.get().finding().reason()),
          worst.get().finding().message());
    }
  }

  private void rpo(Freshness worst, Conditions conditions) {
    ConditionReason reason = Verdict.reason(worst.finding().reason());
    String message = worst.finding().message();
    Optional<Duration> interval = schedule.interval();
    boolean unreachable =
        spec.rpoSeconds() != null
            && interval.filter(gap -> gap.toSeconds() > spec.rpoSeconds()).isPresent();
    if (unreachable) {
      conditions.isFalse(
          ConditionType.RPO_MET,
          ConditionReason.RPO_UNREACHABLE,
          "%s runs every %d s, less often than rpoSeconds: %d asks; choose a tighter schedule."
              .formatted(spec.schedule(), interval.get().toSeconds(), spec.rpoSeconds()));
    } else if (worst.met().isEmpty()) {
      conditions.isUnknown(ConditionType.RPO_MET, reason, message);
    } else if (worst.met().get()) {
      conditions.isTrue(ConditionType.RPO_MET, reason, message);
    } else {
      conditions.isFalse(ConditionType.RPO_MET, reason, message);
    }
  }

  private void degraded(
      ReplicationJobStatus status, Plan<ReplicationStep> plan, Conditions conditions) {
    Optional<Job> failing =
        status.jobs().stream().filter(job -> job.state() == JobState.FAILING).findFirst();
    Optional<Job> targetGone =
        status.jobs().stream().filter(job -> job.state() == JobState.TARGET_OFFLINE).findFirst();
    if (failing.isPresent()) {
      conditions.isTrue(
          ConditionType.DEGRADED,
          ConditionReason.JOB_FAILING,
          "Job %s to %s failed %d times: %s"
              .formatted(
                  failing.get().id(),
                  failing.get().target(),
                  failing.get().failCount(),
                  failing.get().error()));
    } else if (targetGone.isPresent()) {
      conditions.isTrue(
          ConditionType.DEGRADED,
          ConditionReason.JOB_TARGET_OFFLINE,
          "Job %s waits: its target %s is offline."
              .formatted(targetGone.get().id(), targetGone.get().target()));
    } else if (!plan.isDone()) {
      conditions.isTrue(
          ConditionType.DEGRADED, ConditionReason.IN_PROGRESS, "Jobs are being set up.");
    } else {
      conditions.isFalse(ConditionType.DEGRADED, ConditionReason.HEALTHY, "No job fails.");
    }
  }

  /** Of the guest that is worst off: nobody knows before missed before met. */
  private Optional<Freshness> worstFreshness(ReplicationJobStatus status) {
    List<Freshness> all = new ArrayList<>();
    for (ReplicationFacts.Guest guest : facts.guests()) {
      List<Instant> syncs =
          status.jobs().stream()
              .filter(job -> job.vmid() == guest.vmid())
              .filter(job -> !guest.home().value().equals(job.target()))
              .map(Job::lastSync)
              .filter(Objects::nonNull)
              .toList();
      all.add(
          Freshness.of(
              guest.vmid(),
              syncs,
              Optional.ofNullable(spec.rpoSeconds()).map(Duration::ofSeconds),
              now));
    }
    return all.stream()
        .min(Comparator.comparing(freshness -> freshness.met().map(met -> met ? 2 : 1).orElse(0)));
  }

  private Job job(ReplicationFacts.Job job) {
    Optional<Job> before = former.job(job.id());
    Optional<ReplicationFacts.JobState> state = job.state();
    NodeName home =
        facts.guests().stream()
            .filter(guest -> guest.vmid() == job.vmid())
            .map(ReplicationFacts.Guest::home)
            .findFirst()
            .orElseThrow();
    Instant lastSync =
        state
            .flatMap(ReplicationFacts.JobState::lastSync)
            .or(() -> before.flatMap(old -> remembered(old, job, home)))
            .orElse(null);
    return new Job(
        job.id(),
        job.vmid(),
        home.value(),
        job.target().value(),
        state(job, state, home),
        lastSync,
        state
            .flatMap(ReplicationFacts.JobState::lastTry)
            .or(() -> before.map(Job::lastTry))
            .orElse(null),
        state.flatMap(ReplicationFacts.JobState::nextSync).orElse(null),
        null,
        null,
        state.map(ReplicationFacts.JobState::failCount).orElse(null),
        state.flatMap(ReplicationFacts.JobState::error).orElse(null));
  }

  /**
   * Proxmox forgets the last sync with the node that knew it. What we saved counts as long as the
   * replica is the same: not when the job now points to the node that the guest left.
   */
  private static Optional<Instant> remembered(Job old, ReplicationFacts.Job job, NodeName home) {
    boolean sameReplica = job.target().value().equals(old.target()) && !job.target().equals(home);
    return sameReplica ? Optional.ofNullable(old.lastSync()) : Optional.empty();
  }

  private JobState state(
      ReplicationFacts.Job job, Optional<ReplicationFacts.JobState> state, NodeName home) {
    if (job.removing()) {
      return JobState.REMOVING;
    }
    if (job.disabled()) {
      return JobState.SUSPENDED;
    }
    if (job.target().equals(home)) {
      return JobState.WAITING;
    }
    if (!facts.members().getOrDefault(job.target(), false)) {
      return JobState.TARGET_OFFLINE;
    }
    if (state.isEmpty()) {
      return JobState.UNKNOWN;
    }
    if (state.get().running()) {
      return JobState.SYNCING;
    }
    if (state.get().failCount() > 0) {
      return JobState.FAILING;
    }
    return state.get().lastSync().isPresent() ? JobState.OK : JobState.WAITING;
  }
}
