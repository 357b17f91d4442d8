package io.pveha.simulator.machine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A worker while it does its steps, and its record afterwards. */
public final class TaskRun {

  private final Machine node;
  private final Upid upid;
  private final Instant start;
  private final List<String> lines = new ArrayList<>();
  private Instant end;
  private String exitStatus;
  private Runnable onAbort = () -> {};
  private Consumer<Boolean> onEnd = good -> {};

  TaskRun(Machine node, Upid upid, Instant start) {
    this.node = node;
    this.upid = upid;
    this.start = start;
  }

  Upid upid() {
    return upid;
  }

  Instant start() {
    return start;
  }

  public boolean isRunning() {
    return end == null;
  }

  public void log(String line) {
    lines.add(line);
  }

  /** What to undo when the task fails from now on. */
  void onAbort(Runnable undo) {
    onAbort = undo;
  }

  /** Tells somebody that it ended, and whether well. */
  void onEnd(Consumer<Boolean> listener) {
    onEnd = listener;
  }

  /** The next step; a refusal in it ends the task with its text. */
  public void then(Duration delay, Runnable step) {
    node.later(
        delay,
        () -> {
          if (!isRunning()) {
            return;
          }
          try {
            step.run();
          } catch (WorldFailure.Waiting waiting) {
            throw waiting;
          } catch (WorldFailure failed) {
            fail(failed.getMessage());
          }
        });
  }

  public void succeed() {
    lines.add("TASK OK");
    finish("OK");
  }

  public void fail(String message) {
    lines.add("TASK ERROR: " + message);
    finish(message);
    onAbort.run();
  }

  /** Ends it from outside. */
  void interrupt(String status) {
    finish(status);
    onAbort.run();
  }

  private void finish(String status) {
    end = node.clockNow();
    exitStatus = status;
    node.log(
        "pvedaemon",
        upid.user(),
        status.equals("OK") ? 6 : 3,
        "<" + upid.user() + "> end task " + upid + " " + status);
    onEnd.accept(status.equals("OK"));
  }

  NodeTasks.Task task() {
    return new NodeTasks.Task(
        upid, start, Optional.ofNullable(end), exitStatus, List.copyOf(lines));
  }
}
