package io.pveha.simulator.world;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Replication jobs, and the runs of those whose guest is at this node. */
public final class NodeReplication {

  /**
   * The state of a job at the node that has the guest.
   *
   * @param lastSync start of the last good run, epoch seconds; 0 when unknown here
   * @param lastTry start of the last run, epoch seconds
   * @param nextSync epoch seconds; 0 while the target is offline
   * @param pid 0 when not running
   * @param error null when the last run was good
   */
  public record JobStatus(
      String id,
      int guest,
      int jobNumber,
      NodeGuests.Kind kind,
      String source,
      String target,
      String schedule,
      double rate,
      boolean disabled,
      String comment,
      String removeJob,
      long lastSync,
      long lastTry,
      long nextSync,
      Duration duration,
      int failCount,
      String error,
      int pid) {}

  /** {@code POST /cluster/replication}. */
  public void create(String id, Map<String, String> properties) {
    throw new UnsupportedOperationException("not there yet");
  }

  public void update(
      String id, Map<String, String> set, Set<String> delete, Optional<String> digest) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Marks the job for removal, or with {@code force} drops it at once and leaves the copies. */
  public void delete(String id, boolean keep, boolean force) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** The jobs whose guest is here. */
  public List<JobStatus> status(OptionalInt guest) {
    throw new UnsupportedOperationException("not there yet");
  }

  public JobStatus status(String id) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Lines of the last run. */
  public List<String> log(String id) {
    throw new UnsupportedOperationException("not there yet");
  }

  public void scheduleNow(String id) {
    throw new UnsupportedOperationException("not there yet");
  }
}
