package io.pveha.simulator.world;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The tasks that ran on one node. */
public final class NodeTasks {

  /**
   * A task.
   *
   * @param end empty while it runs
   * @param exitStatus {@code OK}, or the error; null while it runs
   * @param lines its log
   */
  public record Task(
      Upid upid, Instant start, Optional<Instant> end, String exitStatus, List<String> lines) {
    public boolean isRunning() {
      return end.isEmpty();
    }
  }

  /** Newest first. */
  public List<Task> list() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Refused with the real text when there is none. */
  public Task task(String upid) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Interrupts it. */
  public void stop(String upid) {
    throw new UnsupportedOperationException("not there yet");
  }
}
