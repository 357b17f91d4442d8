package io.pveha.operator.polling;

import io.pveha.core.cluster.Upid;
import io.pveha.core.plan.Outcome;
import io.pveha.core.plan.Reason;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.TaskCalls;
import io.pveha.proxmox.TaskCalls.TaskStatus;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Follows tasks that somebody waits for, each on the node that runs it. */
public final class TaskDesk {

  private static final int MOST_REMEMBERED = 1000;

  private final ClusterAccess access;
  private final boolean formed;
  private final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();

  TaskDesk(ClusterAccess access, boolean formed) {
    this.access = access;
    this.formed = formed;
  }

  /** What became of the task as of the last round; it is followed from now on. */
  public Outcome outcome(String upid) {
    if (outcomes.size() > MOST_REMEMBERED) {
      outcomes.values().removeIf(outcome -> outcome.state() != Outcome.State.RUNNING);
    }
    return outcomes.computeIfAbsent(upid, unseen -> Outcome.UNKNOWN);
  }

  /** Asks for the tasks that are not known to have ended; tells whether there is news. */
  boolean look() {
    boolean news = false;
    for (Map.Entry<String, Outcome> entry : outcomes.entrySet()) {
      Outcome before = entry.getValue();
      if (before.state() == Outcome.State.RUNNING || before.state() == Outcome.State.UNKNOWN) {
        Outcome now = ask(new Upid(entry.getKey()));
        entry.setValue(now);
        news |= !now.equals(before);
      }
    }
    return news;
  }

  private Outcome ask(Upid upid) {
    if (access.spec().node(upid.node().value()).isEmpty()) {
      return Outcome.UNKNOWN;
    }
    try {
      ProxmoxApi api =
          formed || access.login().root().isEmpty()
              ? access.node(upid.node())
              : access.root(upid.node());
      TaskStatus status = new TaskCalls(api).status(upid);
      if (status.isRunning()) {
        return Outcome.RUNNING;
      }
      return status.isDone()
          ? Outcome.SUCCEEDED
          : Outcome.failed(
              Reason.TASK_FAILED, Optional.ofNullable(status.exitstatus()).orElse("no word why"));
    } catch (ProxmoxFailure unknown) {
      return Outcome.UNKNOWN;
    }
  }
}
