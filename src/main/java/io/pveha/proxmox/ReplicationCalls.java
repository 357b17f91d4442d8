package io.pveha.proxmox;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.pveha.core.cluster.NodeName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Replication jobs: what is asked for, and how it goes. */
public final class ReplicationCalls {

  private final ProxmoxApi api;

  public ReplicationCalls(ProxmoxApi api) {
    this.api = api;
  }

  /** All jobs of the cluster, as configured. */
  public Query<List<Job>> jobs() {
    return Query.of(
        api,
        ApiRequest.get("/cluster/replication"),
        answer -> Answers.rows(answer, Job.class, Job::key));
  }

  /** How the jobs of the guests that are on this node now go; no other node knows. */
  public Query<List<JobStatus>> status(NodeName node) {
    return Query.of(
        api,
        ApiRequest.get(Paths.node(node) + "/replication"),
        answer -> Answers.rows(answer, JobStatus.class, JobStatus::id));
  }

  /**
   * Makes a job.
   *
   * @param id {@code vmid-number}
   * @param rateMBps limit in MB/s
   */
  public void create(
      String id,
      NodeName target,
      String schedule,
      Optional<? extends Number> rateMBps,
      boolean disable,
      Optional<String> comment) {
    api.call(
        ApiRequest.post("/cluster/replication")
            .with("id", id)
            .with("type", "local")
            .with("target", target)
            .with("schedule", schedule)
            .with("rate", rateMBps)
            .with("disable", disable ? true : null)
            .with("comment", comment));
  }

  /**
   * Changes a job; an empty rate takes the limit away.
   *
   * @param comment left as it is when empty
   */
  public void update(
      String id,
      String schedule,
      Optional<? extends Number> rateMBps,
      boolean disable,
      Optional<String> comment) {
    api.call(
        ApiRequest.put("/cluster/replication/" + Paths.segment(id))
            .with("schedule", schedule)
            .with("rate", rateMBps)
            .with("disable", disable)
            .with("comment", comment)
            .with("delete", rateMBps.isPresent() ? null : "rate"));
  }

  /**
   * Marks a job for removal; it is gone when the list no longer has it.
   *
   * @param keep whether the replica's data stays
   * @param force whether the job is dropped at once, and its replica left; excludes {@code keep}
   */
  public void remove(String id, boolean keep, boolean force) {
    api.call(
        ApiRequest.delete("/cluster/replication/" + Paths.segment(id))
            .with("keep", keep ? true : null)
            .with("force", force ? true : null));
  }

  /** Asks for a run at the next chance; does nothing for a job that has no state yet. */
  public void scheduleNow(NodeName node, String id) {
    api.call(
        ApiRequest.post(Paths.node(node) + "/replication/" + Paths.segment(id) + "/schedule_now"));
  }

  /**
   * When a schedule fires, as this server reads it: the gap is the best recovery point to be had.
   *
   * @param howMany at most 100
   * @throws ProxmoxFailure.BadRequest when it is no schedule
   */
  public Query<List<Instant>> nextRuns(String schedule, int howMany) {
    return nextRuns(schedule, Optional.empty(), howMany);
  }

  /** The same after a moment. */
  public Query<List<Instant>> nextRuns(String schedule, Instant after, int howMany) {
    return nextRuns(schedule, Optional.of(after.getEpochSecond()), howMany);
  }

  private Query<List<Instant>> nextRuns(String schedule, Optional<Long> after, int howMany) {
    return Query.of(
        api,
        ApiRequest.get("/cluster/jobs/schedule-analyze")
            .with("schedule", schedule)
            .with("starttime", after)
            .with("iterations", howMany),
        answer ->
            Answers.rows(answer, Event.class, event -> Long.toString(event.timestamp())).stream()
                .flatMap(event -> Answers.time(event.timestamp()).stream())
                .toList());
  }

  private record Event(long timestamp) {}

  /**
   * A job as configured.
   *
   * @param removal how it is being removed; null when it is not
   */
  public record Job(
      String id,
      int guest,
      int jobnum,
      String target,
      String source,
      String schedule,
      Double rate,
      boolean disable,
      String comment,
      @JsonProperty("remove_job") String removal) {

    /** Its id, if it says whose disks go where. */
    private String key() {
      boolean whole =
          id != null
              && id.matches("[1-9][0-9]{0,8}-[0-9]{1,9}")
              && id.startsWith(guest + "-")
              && Answers.nodeName(target) != null;
      return whole ? id : null;
    }
  }

  /**
   * How a job goes.
   *
   * @param lastSyncSeconds start of the last good run in seconds since 1970, which is the recovery
   *     point; 0 when unknown on this node
   * @param nextSyncSeconds 0 when no run is planned
   */
  public record JobStatus(
      String id,
      int guest,
      String source,
      String target,
      @JsonProperty("last_sync") long lastSyncSeconds,
      @JsonProperty("last_try") long lastTrySeconds,
      @JsonProperty("next_sync") long nextSyncSeconds,
      @JsonProperty("fail_count") int failCount,
      String error,
      Double duration,
      Long pid) {

    public Optional<Instant> lastSync() {
      return Answers.time(lastSyncSeconds);
    }

    /** Start of the last run, whatever became of it. */
    public Optional<Instant> lastTry() {
      return Answers.time(lastTrySeconds);
    }

    public Optional<Instant> nextSync() {
      return Answers.time(nextSyncSeconds);
    }

    /** Whether a run is under way. */
    public boolean isRunning() {
      return pid != null && pid > 0;
    }
  }
}
