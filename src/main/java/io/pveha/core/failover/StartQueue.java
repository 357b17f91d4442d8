package io.pveha.core.failover;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/** Each node starts some guests at a time; the others wait until one has booted. */
final class StartQueue {

  private final int workers;
  private final Map<String, PriorityQueue<Duration>> busyUntil = new HashMap<>();

  /**
   * A queue for each node.
   *
   * @param workers starts at a time; 0 means all at once
   */
  StartQueue(int workers) {
    this.workers = workers;
  }

  /** When a guest serves that is ready to be started then. */
  Duration start(String node, Duration ready, Duration boot) {
    PriorityQueue<Duration> busy = busyUntil.computeIfAbsent(node, n -> new PriorityQueue<>());
    Duration begin = ready;
    if (workers > 0 && busy.size() >= workers) {
      Duration free = busy.poll();
      begin = free.compareTo(ready) > 0 ? free : ready;
    }
    Duration serves = begin.plus(boot);
    busy.add(serves);
    return serves;
  }
}
