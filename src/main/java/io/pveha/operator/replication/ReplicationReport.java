package io.pveha.operator.replication;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.JobState;
import io.pveha.api.v1alpha1.ReplicationJobSpec;
import io.pveha.api.v1alpha1.ReplicationJobStatus;
import io.pveha.api.v1alpha1.ReplicationJobStatus.Job;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Count;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Severity;
import io.pveha.core.replication.Freshness;
import io.pveha.core.replication.Repaired;
import io.pveha.core.replication.ReplicationFacts;
import io.pveha.core.replication.ReplicationStep;
import io.pveha.core.replication.VolumeInTheWay;
import io.pveha.core.safety.JobMark;
import io.pveha.core.safety.JobOwner;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Tells how the jobs stand and how fresh the replicas are. */
final class ReplicationReport {

  /** More rows make status too large to be of use; those that go worst are shown. */
  static final int MOST_ROWS = 300;

  /** What a person must see to, while the jobs that there are go well. */
  private static final Set<ConditionReason> HARMS_NO_JOB =
      Set.of(
          ConditionReason.SELECTION_SHRANK,
          ConditionReason.JOB_TAKEN,
          ConditionReason.FOREIGN_JOB,
          ConditionReason.REMOVAL_PENDING);

  private final ReplicationJobSpec spec;
  private final ReplicationJobStatus former;
  private final ReplicationFacts facts;
  private final ScheduleAnswer schedule;
  private final Instant now;
  private final List<Job> rows;

  /**
   * A report.
   *
   * @param facts of the guests that are replicated
   * @param shown the same, with guests whose jobs are to go
   */
  ReplicationReport(
      ReplicationJobSpec spec,
      ReplicationJobStatus former,
      ReplicationFacts facts,
      ReplicationFacts shown,
      ScheduleAnswer schedule,
      Instant now) {
    this.spec = spec;
    this.former = former;
    this.facts = facts;
    this.schedule = schedule;
    this.now = now;
    this.rows =
        shown.jobs().stream()
            .map(job -> row(job, home(shown, job)))
            .sorted(Comparator.comparing(Job::id))
            .toList();
  }

  ReplicationJobStatus status(
      List<Repaired> repaired,
      ReplicationJobStatus.SyncNow syncNow,
      ReplicationJobStatus.Selection selection) {
    long healthy =
        rows.stream()
            .filter(row -> row.state() == JobState.OK || row.state() == JobState.SYNCING)
            // The first run is no replica yet.
            .filter(row -> row.lastSync() != null)
            .count();
    return new ReplicationJobStatus(
        former.observedGeneration(),
        former.conditions(),
        former.plannedChanges(),
        former.pendingTasks(),
        facts.guests().size() == 1 ? facts.guests().get(0).home().value() : null,
        healthy + "/" + rows.size(),
        rows.stream()
            .filter(row -> !row.target().equals(row.source()))
            .map(Job::lastSync)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder())
            .orElse(null),
        schedule.interval().map(Duration::toSeconds).orElse(former.scheduleIntervalSeconds()),
        shown(),
        syncNow,
        repaired.stream()
            .map(
                each ->
                    new ReplicationJobStatus.Repaired(
                        each.vmid(), each.target().value(), each.times(), each.lastAt()))
            .toList(),
        selection,
        former.seal());
  }

  private List<Job> shown() {
    return rows.stream()
        .sorted(Comparator.comparing(ReplicationReport::isGood).thenComparing(Job::id))
        .limit(MOST_ROWS)
        .sorted(Comparator.comparing(Job::id))
        .toList();
  }

  private static boolean isGood(Job row) {
    return row.state() == JobState.OK || row.state() == JobState.SYNCING;
  }

  void conditions(
      Plan<ReplicationStep> plan, boolean observeOnly, String asides, Conditions conditions) {
    scheduleAccepted(conditions);
    degraded(plan, conditions);
    Optional<Freshness> worst = Freshness.worst(facts, rpo(), now);
    worst.ifPresent(freshness -> rpoMet(freshness, conditions));
    if (facts.guests().isEmpty()) {
      conditions.isUnknown(
          ConditionType.RPO_MET, ConditionReason.GUEST_NOT_FOUND, "There is no guest.");
    }
    Verdict.of(
        plan,
        observeOnly,
        conditions,
        "%s of %s on schedule %s.%s"
            .formatted(Count.of(rows.size(), "job"), guests(), spec.schedule(), asides));
    boolean asSpecified = plan.isDone() && !observeOnly;
    if (asSpecified && !spec.suspend() && worst.filter(f -> f.met().isEmpty()).isPresent()) {
      Verdict.reconciling(
          conditions, worst.get().finding().reason(), worst.get().finding().message());
    }
    if (schedule.refusal().isPresent()) {
      Verdict.stalled(conditions, ConditionReason.SCHEDULE_REFUSED, schedule.refusal().get());
    }
  }

  private String guests() {
    return facts.guests().size() == 1
        ? "guest " + facts.guests().get(0).vmid()
        : Count.of(facts.guests().size(), "guest");
  }

  private Optional<Duration> rpo() {
    return Optional.ofNullable(spec.rpoSeconds()).map(Duration::ofSeconds);
  }

  private void scheduleAccepted(Conditions conditions) {
    if (schedule.refusal().isPresent()) {
      conditions.isFalse(
          ConditionType.SCHEDULE_ACCEPTED,
          ConditionReason.SCHEDULE_REFUSED,
          schedule.refusal().get());
    } else if (schedule.isAccepted()) {
      conditions.isTrue(
          ConditionType.SCHEDULE_ACCEPTED,
          ConditionReason.HEALTHY,
          "Proxmox understands " + spec.schedule() + ".");
    } else if (former.scheduleIntervalSeconds() == null) {
      conditions.isUnknown(
          ConditionType.SCHEDULE_ACCEPTED,
          ConditionReason.IN_PROGRESS,
          "Proxmox has not said yet whether it understands " + spec.schedule() + ".");
    }
  }

  private void rpoMet(Freshness worst, Conditions conditions) {
    ConditionReason reason = worst.finding().reason();
    String message = worst.finding().message();
    Optional<Duration> gap =
        schedule.interval().filter(each -> rpo().filter(w -> each.compareTo(w) > 0).isPresent());
    if (gap.isPresent()) {
      conditions.isFalse(
          ConditionType.RPO_MET,
          ConditionReason.RPO_UNREACHABLE,
          "%s lets up to %d s pass between two runs, more than rpoSeconds: %d; choose a tighter"
                  .formatted(spec.schedule(), gap.get().toSeconds(), spec.rpoSeconds())
              + " schedule.");
    } else if (worst.met().isEmpty()) {
      conditions.isUnknown(ConditionType.RPO_MET, reason, message);
    } else if (worst.met().get()) {
      conditions.isTrue(ConditionType.RPO_MET, reason, message);
    } else {
      conditions.isFalse(ConditionType.RPO_MET, reason, message);
    }
  }

  private void degraded(Plan<ReplicationStep> plan, Conditions conditions) {
    Optional<Finding> broken =
        plan.findings().stream()
            .filter(f -> f.reason() == ConditionReason.CHAIN_BROKEN)
            .findFirst();
    Optional<Job> failing = first(JobState.FAILING);
    Optional<Job> targetGone = first(JobState.TARGET_OFFLINE);
    if (broken.isPresent()) {
      conditions.isTrue(
          ConditionType.DEGRADED, ConditionReason.CHAIN_BROKEN, broken.get().message());
    } else if (failing.isPresent()) {
      conditions.isTrue(ConditionType.DEGRADED, ConditionReason.JOB_FAILING, failed(failing.get()));
    } else if (targetGone.isPresent()) {
      conditions.isTrue(
          ConditionType.DEGRADED,
          ConditionReason.JOB_TARGET_OFFLINE,
          "Job %s waits: its target %s is offline."
              .formatted(targetGone.get().id(), targetGone.get().target()));
    } else if (lacking(plan).isPresent()) {
      conditions.isTrue(
          ConditionType.DEGRADED, lacking(plan).get().reason(), lacking(plan).get().message());
    } else if (isAtWork(plan)) {
      conditions.isTrue(
          ConditionType.DEGRADED, ConditionReason.IN_PROGRESS, "Jobs are being set up.");
    } else {
      conditions.isFalse(ConditionType.DEGRADED, ConditionReason.HEALTHY, "No job fails.");
    }
  }

  /** Why jobs are not made that should be, until a person acts. */
  private static String failed(Job job) {
    return "Job %s to %s failed %s%s: %s%s"
        .formatted(
            job.id(),
            job.target(),
            Count.times(job.failCount()),
            job.nextSync() == null ? "" : ", next try at " + job.nextSync(),
            job.error(),
            VolumeInTheWay.remedy(job.error(), job.id(), job.target())
                .map(remedy -> ". " + remedy)
                .orElse(""));
  }

  private static Optional<Finding> lacking(Plan<ReplicationStep> plan) {
    return plan.findings().stream()
        .filter(finding -> finding.severity() == Severity.BLOCKS)
        .filter(finding -> !HARMS_NO_JOB.contains(finding.reason()))
        .findFirst();
  }

  private static boolean isAtWork(Plan<ReplicationStep> plan) {
    return !plan.now().isEmpty()
        || !plan.later().isEmpty()
        || !plan.pending().isEmpty()
        || plan.findings().stream().anyMatch(f -> f.severity() == Severity.DELAYS);
  }

  private Optional<Job> first(JobState state) {
    return rows.stream().filter(row -> row.state() == state).findFirst();
  }

  private static NodeName home(ReplicationFacts facts, ReplicationFacts.Job job) {
    return facts.guests().stream()
        .filter(guest -> guest.vmid() == job.vmid())
        .map(ReplicationFacts.Guest::home)
        .findFirst()
        .orElseThrow();
  }

  private Job row(ReplicationFacts.Job job, NodeName home) {
    Optional<Job> before = former.job(job.id());
    Optional<ReplicationFacts.JobState> state = job.state();
    return new Job(
        job.id(),
        job.vmid(),
        home.value(),
        job.target().value(),
        state(job, home),
        job.recoveryPoint().orElse(null),
        state
            .flatMap(ReplicationFacts.JobState::lastTry)
            .or(() -> before.map(Job::lastTry))
            .orElse(null),
        state.flatMap(ReplicationFacts.JobState::nextSync).orElse(null),
        job.target().equals(home)
            ? null
            : Freshness.of(job.recoveryPoint(), rpo(), now).orElse(null),
        state
            .filter(runs -> runs.lastSync().isPresent())
            .map(ReplicationFacts.JobState::durationSeconds)
            .orElse(null),
        state.map(ReplicationFacts.JobState::failCount).orElse(null),
        state
            .flatMap(ReplicationFacts.JobState::error)
            .map(ReplicationReport::bounded)
            .orElse(null),
        job.isOurs()
            || job.owner() == JobOwner.CLAIMABLE
                && JobMark.in(job.comment().orElse(null)).isEmpty());
  }

  private static String bounded(String words) {
    return words.length() > 1000 ? words.substring(0, 1000) + " ..." : words;
  }

  private JobState state(ReplicationFacts.Job job, NodeName home) {
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
    if (job.state().isEmpty()) {
      return JobState.UNKNOWN;
    }
    // While it tries again, too: only a run that succeeds ends the trouble.
    if (job.state().get().failCount() > 0) {
      return JobState.FAILING;
    }
    if (job.state().get().running()) {
      return JobState.SYNCING;
    }
    return job.state().get().lastSync().isPresent() ? JobState.OK : JobState.WAITING;
  }
}
