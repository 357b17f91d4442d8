package io.pveha.operator.polling;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.Upid;
import io.pveha.core.plan.Outcome;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.TaskCalls;
import io.pveha.proxmox.TaskCalls.TaskStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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

  /**
   * Asks for the tasks that are not known to have ended, each node no longer than the patience;
   * tells of which there is news.
   */
  Set<String> look(Asking<NodeName> asking, Duration patience) {
    Map<NodeName, List<Upid>> open = open();
    Set<String> news = new TreeSet<>();
    for (Optional<Map<Upid, Outcome>> answers :
        asking.ask(List.copyOf(open.keySet()), patience, node -> ask(open.get(node))).values()) {
      answers.map(this::heard).ifPresent(news::addAll);
    }
    return news;
  }

  /** Tasks that are not known to have ended, by the node that runs them. */
  Map<NodeName, List<Upid>> open() {
    Map<NodeName, List<Upid>> open = new TreeMap<>();
    outcomes.forEach(
        (upid, outcome) -> {
          if (outcome.state() == Outcome.State.RUNNING
              || outcome.state() == Outcome.State.UNKNOWN) {
            Upid task = new Upid(upid);
            open.computeIfAbsent(task.node(), node -> new ArrayList<>()).add(task);
          }
        });
    return open;
  }

  /** Remembers what became of tasks; tells of which there is news. */
  Set<String> heard(Map<Upid, Outcome> answers) {
    Set<String> news = new TreeSet<>();
    for (Map.Entry<Upid, Outcome> answer : answers.entrySet()) {
      Outcome before = outcomes.put(answer.getKey().value(), answer.getValue());
      if (!answer.getValue().equals(before)) {
        news.add(answer.getKey().value());
      }
    }
    return news;
  }

  /** Asks the node that runs them what became of tasks. */
  Map<Upid, Outcome> ask(List<Upid> tasks) {
    Map<Upid, Outcome> answers = new HashMap<>();
    tasks.forEach(task -> answers.put(task, ask(task)));
    return answers;
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
      TaskStatus status = new TaskCalls(api).status(upid).get();
      if (status.isRunning()) {
        return Outcome.RUNNING;
      }
      return status.isDone()
          ? Outcome.SUCCEEDED
          : Outcome.failed(
              ConditionReason.TASK_FAILED,
              Optional.ofNullable(status.exitstatus()).orElse("no word why"));
    } catch (ProxmoxFailure unknown) {
      return Outcome.UNKNOWN;
    }
  }
}
