package io.pveha.simulator.machine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** One node's part of the cluster log. */
public final class NodeLog {

  /** A line of {@code GET /cluster/log}. */
  public record LogLine(
      long time,
      String node,
      String user,
      String tag,
      int priority,
      int pid,
      long uid,
      String message) {}

  private static final int KEPT = 500;

  private final Machine node;
  private final Deque<NodeLog.LogLine> lines = new ArrayDeque<>();
  private long count;

  NodeLog(Machine node) {
    this.node = node;
  }

  void add(String tag, String user, int priority, String message) {
    lines.addFirst(
        new NodeLog.LogLine(
            node.clockNow().getEpochSecond(),
            node.name(),
            user,
            tag,
            priority,
            1000 + Math.floorMod(tag.hashCode(), 3000),
            ++count,
            message));
    if (lines.size() > KEPT) {
      lines.removeLast();
    }
  }

  /** Newest first. */
  List<NodeLog.LogLine> lines() {
    return List.copyOf(lines);
  }
}
