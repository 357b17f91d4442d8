package io.pveha.simulator.world;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** One node's part of the cluster log. */
final class NodeLog {

  private static final int KEPT = 500;

  private final NodeHost node;
  private final Deque<NodeOverview.LogLine> lines = new ArrayDeque<>();
  private long count;

  NodeLog(NodeHost node) {
    this.node = node;
  }

  void add(String tag, String user, int priority, String message) {
    lines.addFirst(
        new NodeOverview.LogLine(
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
  List<NodeOverview.LogLine> lines() {
    return List.copyOf(lines);
  }
}
