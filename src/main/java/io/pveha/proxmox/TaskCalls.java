package io.pveha.proxmox;

import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.Upid;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Tasks, asked of the node that they run on. */
public final class TaskCalls {

  /** More lines than the logs of our tasks have. */
  private static final int ALL = 5000;

  private static final int TAIL = 20;

  private final ProxmoxApi api;

  public TaskCalls(ProxmoxApi api) {
    this.api = api;
  }

  /** How the task stands. Never waits. */
  public Query<TaskStatus> status(Upid upid) {
    return Query.of(
        api,
        ApiRequest.get(path(upid) + "/status"),
        answer -> Answers.read(answer, TaskStatus.class));
  }

  /** The last lines of its log, where an error is explained. */
  public Query<List<String>> log(Upid upid) {
    return Query.of(
        api, ApiRequest.get(path(upid) + "/log").with("limit", ALL), TaskCalls::lastLines);
  }

  private static List<String> lastLines(JsonNode answer) {
    List<String> lines =
        Answers.rows(answer, LogLine.class, line -> Integer.toString(line.n())).stream()
            .map(LogLine::t)
            .filter(Objects::nonNull)
            .toList();
    return lines.subList(Math.max(0, lines.size() - TAIL), lines.size());
  }

  /** Tasks of a guest on a node that failed, newest first. */
  public Query<List<Failed>> failures(NodeName node, int vmid) {
    return Query.of(
        api,
        ApiRequest.get(Paths.node(node) + "/tasks")
            .with("vmid", vmid)
            .with("errors", true)
            .with("limit", TAIL),
        answer -> Answers.rows(answer, Failed.class, Failed::upid));
  }

  private static String path(Upid upid) {
    return Paths.node(upid.node()) + "/tasks/" + Paths.segment(upid.value());
  }

  /**
   * How a task stands.
   *
   * @param status {@code running} or {@code stopped}
   * @param exitstatus {@code OK}, {@code WARNINGS: n} or why it failed; null while it runs
   */
  public record TaskStatus(String status, String exitstatus) {

    public boolean isRunning() {
      return !"stopped".equals(status);
    }

    /** Whether it ended well; warnings do not count as failure. */
    public boolean isDone() {
      return !isRunning()
          && exitstatus != null
          && (exitstatus.equals("OK") || exitstatus.startsWith("WARNINGS"));
    }
  }

  /**
   * A task that failed.
   *
   * @param type as in {@code vzstart}
   * @param status why, in Proxmox's words
   */
  public record Failed(String upid, String type, long endtime, String status) {

    public Failed {
      type = type == null ? "" : type;
      status = status == null ? "" : status;
    }

    public Instant endedAt() {
      return Answers.time(endtime).orElse(Instant.EPOCH);
    }
  }

  private record LogLine(int n, String t) {}
}
