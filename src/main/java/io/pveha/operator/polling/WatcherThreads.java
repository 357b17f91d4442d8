package io.pveha.operator.polling;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads of all watchers.
 *
 * @param lanes run rounds; several, so that a slow cluster does not hold up the others
 * @param askers wait for nodes
 */
public record WatcherThreads(ScheduledExecutorService lanes, ExecutorService askers)
    implements AutoCloseable {

  public static WatcherThreads start() {
    return new WatcherThreads(
        Executors.newScheduledThreadPool(8, named("pveha-lane-")),
        Executors.newCachedThreadPool(named("pveha-ask-")));
  }

  @Override
  public void close() {
    lanes.shutdownNow();
    askers.shutdownNow();
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
