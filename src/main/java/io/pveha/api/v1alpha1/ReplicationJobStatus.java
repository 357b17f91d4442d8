package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.Condition;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the operator knows of a ReplicationJob. */
@JsonDeserialize(using = StatusReader.class)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@RecordBuilder
public record ReplicationJobStatus(
    @JsonPropertyDescription("Generation of the spec that this status describes.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "Standard conditions; Ready, Reconciling and Stalled are as kstatus reads them.")
        @ListKey("type")
        List<Condition> conditions,
    @JsonPropertyDescription(
            "Steps to be taken, in order; empty when nothing differs from the spec.")
        List<PlannedChange> plannedChanges,
    @JsonPropertyDescription("What was requested from Proxmox and is not known to be done.")
        List<PendingTask> pendingTasks,
    @JsonPropertyDescription("Node where the guest is now, if there is one guest.") String home,
    @JsonPropertyDescription("Jobs whose last run succeeded, out of all, as in 2/2.")
        String jobsHealthy,
    @JsonPropertyDescription("Last sync of the job that is furthest behind.") Instant oldestSync,
    @JsonPropertyDescription("Longest gap between runs of the schedule, as Proxmox reads it.")
        Long scheduleIntervalSeconds,
    @JsonPropertyDescription("The jobs in Proxmox; if there are many, the worst ones.")
        @ListKey("id")
        List<Job> jobs,
    @JsonPropertyDescription("The last order to replicate now, by annotation pveha.io/sync-now.")
        SyncNow syncNow,
    @JsonPropertyDescription(
            "Replicas that were recreated, so that this does not happen too often.")
        List<Repaired> repairs,
    @JsonPropertyDescription("Guests selected, and those no longer selected.") Selection selection,
    @JsonPropertyDescription(
            "The operator's signature of the fields that it acts on later: jobs and "
                + "selection. Fields that do not match are not trusted.")
        String seal)
    implements ReportedStatus<ReplicationJobStatus>, SealedStatus<ReplicationJobStatus> {

  /** Before the first report. */
  public static final ReplicationJobStatus EMPTY =
      new ReplicationJobStatus(
          null, null, null, null, null, null, null, null, null, null, null, null, null);

  public ReplicationJobStatus {
    conditions = Copies.conditions(conditions);
    plannedChanges = Copies.of(plannedChanges);
    pendingTasks = Copies.of(pendingTasks, PendingTask::isWhole);
    jobs = Copies.of(jobs, Job::isWhole);
    syncNow = Copies.onlyIf(syncNow, order -> Copies.areTold(order.requestedAt()));
    repairs = Copies.of(repairs, Repaired::isWhole);
  }

  /** Looks a job up by its id. */
  public Optional<Job> job(String id) {
    return jobs.stream().filter(job -> job.id().equals(id)).findFirst();
  }

  /** Which jobs are its own and how far they came, which guests are meant, and what was mended. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Sealed(List<SealedJob> jobs, List<Repaired> repairs, Selection selection) {}

  /** What is remembered of a job. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record SealedJob(
      String id, Integer vmid, String target, JobState state, Instant lastSync, Boolean managed) {}

  @Override
  public Sealed sealed() {
    return new Sealed(
        jobs.stream()
            .map(
                job ->
                    new SealedJob(
                        job.id(),
                        job.vmid(),
                        job.target(),
                        job.state(),
                        job.lastSync(),
                        job.managed()))
            .toList(),
        repairs,
        selection);
  }

  @Override
  public ReplicationJobStatus withSealedOf(ReplicationJobStatus other) {
    return withMemory(other.jobs, other.repairs, other.selection);
  }

  /**
   * A job is its own only by the mark that it bears in Proxmox, which also says how far it came.
   * The guests of its rows count as meant, and what was repaired stays: both only ever keep
   * something from being removed.
   */
  @Override
  public ReplicationJobStatus distrusted() {
    return withMemory(jobs.stream().map(Job::distrusted).toList(), repairs, null);
  }

  private ReplicationJobStatus withMemory(
      List<Job> rows, List<Repaired> mended, Selection selected) {
    return ReplicationJobStatusBuilder.builder(this)
        .jobs(rows)
        .repairs(mended)
        .selection(selected)
        .build();
  }

  @Override
  public ReplicationJobStatus withSeal(String made) {
    return ReplicationJobStatusBuilder.builder(this).seal(made).build();
  }

  /** The same without jobs, when there is nothing to replicate any more. */
  public ReplicationJobStatus withoutJobs() {
    return ReplicationJobStatusBuilder.builder(this)
        .home(null)
        .jobsHealthy(null)
        .oldestSync(null)
        .jobs(null)
        .build();
  }

  /** The same with other rows. */
  public ReplicationJobStatus withJobs(List<Job> rows) {
    return ReplicationJobStatusBuilder.builder(this).jobs(rows).build();
  }

  /** The same with another memory of the guests that are meant. */
  public ReplicationJobStatus withSelection(Selection selected) {
    return ReplicationJobStatusBuilder.builder(this).selection(selected).build();
  }

  /** The same with another order to replicate now. */
  public ReplicationJobStatus withSyncNow(SyncNow order) {
    return ReplicationJobStatusBuilder.builder(this).syncNow(order).build();
  }

  @Override
  public ReplicationJobStatus withObservedGeneration(Long generation) {
    return ReplicationJobStatusBuilder.builder(this).observedGeneration(generation).build();
  }

  @Override
  public ReplicationJobStatus withConditions(List<Condition> merged) {
    return ReplicationJobStatusBuilder.builder(this).conditions(merged).build();
  }

  @Override
  public ReplicationJobStatus withPlannedChanges(List<PlannedChange> changes) {
    return ReplicationJobStatusBuilder.builder(this).plannedChanges(changes).build();
  }

  @Override
  public ReplicationJobStatus withPendingTasks(List<PendingTask> tasks) {
    return ReplicationJobStatusBuilder.builder(this).pendingTasks(tasks).build();
  }

  /**
   * One job of Proxmox.
   *
   * @param id as in 100-0
   * @param lastSync start of the last run that succeeded, which is the recovery point. Kept here,
   *     since Proxmox keeps it only on the node of the guest and loses it with that node
   * @param managed null in rows of versions that wrote no marks, which took every job for their own
   * @param rpoMet null when it is unknown or no {@code rpoSeconds} is given
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @RecordBuilder
  public record Job(
      @JsonPropertyDescription("Id in Proxmox, as in 100-0.") String id,
      @JsonPropertyDescription("Guest that is replicated.") Integer vmid,
      @JsonPropertyDescription("Node where the guest is.") String source,
      @JsonPropertyDescription("Node that holds the replica.") String target,
      @JsonPropertyDescription("State of the job.") JobState state,
      @JsonPropertyDescription("Start of the last run that succeeded: the recovery point.")
          Instant lastSync,
      @JsonPropertyDescription("Start of the last run.") Instant lastTry,
      @JsonPropertyDescription("Start of the next run.") Instant nextSync,
      @JsonPropertyDescription("Whether the recovery point is within rpoSeconds.") Boolean rpoMet,
      @JsonPropertyDescription("How long the last run took.") Long durationSeconds,
      @JsonPropertyDescription("Runs that failed since the last that succeeded.") Integer failCount,
      @JsonPropertyDescription("What Proxmox says about the last failure.") String error,
      @JsonPropertyDescription(
              "Whether the job belongs to this object: its comment says so, or will. No other job"
                  + " is changed or removed.")
          Boolean managed) {

    public Job {
      error = Copies.words(error);
      source = Copies.text(source);
    }

    boolean isWhole() {
      return Copies.areTold(id, vmid, target);
    }

    /** The same, where it is unknown whether it is recent enough. */
    public Job withoutRpoMet() {
      return with(lastSync, null, managed);
    }

    Job distrusted() {
      return with(null, null, false);
    }

    private Job with(Instant synced, Boolean young, Boolean own) {
      return ReplicationJobStatusJobBuilder.builder(this)
          .lastSync(synced)
          .rpoMet(young)
          .managed(own)
          .build();
    }
  }

  /**
   * An order to replicate now.
   *
   * @param requestedAt when the annotation was seen
   * @param accepted whether the annotation is known to be gone; nothing is asked before
   * @param finishedAt when every job had run or timed out
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record SyncNow(
      @JsonPropertyDescription("When the annotation was seen.") Instant requestedAt,
      @JsonPropertyDescription("Whether the annotation is known to be gone.") Boolean accepted,
      @JsonPropertyDescription("When every job had run or timed out.") Instant finishedAt,
      @JsonPropertyDescription("Each job that was to run.") @ListKey("id") List<Sync> jobs) {

    public SyncNow {
      accepted = Copies.orElse(accepted, false);
      jobs = Copies.of(jobs, job -> Copies.areTold(job.id(), job.phase()));
    }
  }

  /**
   * One job's part in an order to replicate now.
   *
   * @param formerSync its last sync before
   * @param formerTry its last try before
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Sync(
      @JsonPropertyDescription("Id in Proxmox, as in 100-0.") String id,
      @JsonPropertyDescription("How far it is.") SyncPhase phase,
      @JsonPropertyDescription("What it waits for, or why it did not run.") String message,
      @JsonPropertyDescription("Its last sync before.") Instant formerSync,
      @JsonPropertyDescription("Its last try before.") Instant formerTry) {

    public Sync {
      message = Copies.words(message);
    }
  }

  /** Which guests are meant, remembered since a list shows only what the token may see. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Selection(
      @JsonPropertyDescription("Guests that match.") List<Integer> guests,
      @JsonPropertyDescription("Guests no longer selected; nothing of theirs is removed.")
          List<Integer> missing,
      @JsonPropertyDescription(
              "Since when exactly these are missing; the value for pveha.io/accept-selection.")
          Instant since,
      @JsonPropertyDescription("Guests whose deselection was accepted by annotation.")
          List<Integer> released,
      @JsonPropertyDescription(
              "Guests that were missing from the list of guests and whose jobs have not all "
                  + "run since.")
          @ListKey("vmid")
          List<Gap> gaps) {

    public Selection {
      gaps = Copies.of(gaps);
      guests = Copies.of(guests);
      missing = Copies.of(missing);
      released = Copies.of(released);
    }
  }

  /** A moment at which a guest was not listed, so that it may have been recreated. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Gap(
      @JsonPropertyDescription("Number of the guest in Proxmox.") Integer vmid,
      @JsonPropertyDescription("When it was first found missing.") Instant at) {}

  /** A replica that was removed and recreated since it had no snapshot in common with its disk. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Repaired(
      @JsonPropertyDescription("Guest that is replicated.") Integer vmid,
      @JsonPropertyDescription("Node that holds the replica.") String target,
      @JsonPropertyDescription("How often, within a week of each other.") Integer times,
      @JsonPropertyDescription("When last.") Instant lastAt) {

    boolean isWhole() {
      return Copies.areTold(vmid, target, times, lastAt);
    }
  }
}
