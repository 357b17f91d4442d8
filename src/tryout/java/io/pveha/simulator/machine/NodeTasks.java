package io.pveha.simulator.machine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The tasks that ran on one node. They lie on its own disk and outlive reboots. */
public final class NodeTasks {

  private static final int KEPT = 1000;

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

  private final Machine node;
  private final Map<String, TaskRun> runs = new LinkedHashMap<>();
  private int pids = 1200;

  NodeTasks(Machine node) {
    this.node = node;
  }

  /** Newest first. */
  public List<Task> list() {
    List<Task> tasks = new ArrayList<>();
    runs.values().forEach(run -> tasks.add(0, run.task()));
    return tasks;
  }

  /** Refused with the real text when there is none. */
  public Task task(String upid) {
    return run(upid).task();
  }

  /** Interrupts it. */
  public void stop(String upid) {
    TaskRun run = run(upid);
    if (run.isRunning()) {
      run.interrupt("interrupted by signal");
    }
  }

  private TaskRun run(String upid) {
    TaskRun run = runs.get(upid);
    if (run == null) {
      throw new WorldFailure.Refused("no such task");
    }
    return run;
  }

  /** Starts a worker whose first step runs after {@code delay}. */
  public Upid start(String user, String type, String id, Duration delay, Consumer<TaskRun> first) {
    int pid = nextPid();
    long pstart =
        Duration.between(node.bootedAt().orElse(node.world().now()), node.world().now()).toMillis()
            / 10;
    Instant start = node.clockNow();
    Upid upid = Upid.of(node.name(), pid, pstart, start, type, id, user);
    TaskRun run = new TaskRun(node, upid, start);
    runs.put(upid.toString(), run);
    if (runs.size() > KEPT) {
      runs.values().stream()
          .filter(each -> !each.isRunning())
          .min(Comparator.comparing(TaskRun::start))
          .ifPresent(oldest -> runs.remove(oldest.upid().toString()));
    }
    node.log("pvedaemon", user, 6, "<" + user + "> starting task " + upid);
    run.then(delay, () -> first.accept(run));
    return upid;
  }

  /** Tells somebody when a task ends. */
  public void onEnd(Upid upid, Consumer<Boolean> listener) {
    run(upid.toString()).onEnd(listener);
  }

  public int nextPid() {
    pids += 1 + node.world().anyBelow(40);
    return pids;
  }

  /** All workers died with the machine. */
  void lost() {
    runs.values().stream()
        .filter(TaskRun::isRunning)
        .forEach(run -> run.interrupt("unexpected status"));
  }
}
