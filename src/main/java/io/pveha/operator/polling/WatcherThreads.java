package io.pveha.operator.polling;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads of all watchers.
 *
 * @param lanes tell when it is time to ask; nothing waits in them, so that no cluster holds up
 *     another one
 * @param askers wait for nodes
 */
public record WatcherThreads(ScheduledExecutorService lanes, ExecutorService askers)
    implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WatcherThreads.class);

  public static WatcherThreads start() {
    return new WatcherThreads(
        Executors.newScheduledThreadPool(2, named("pveha-lane-")),
        Executors.newCachedThreadPool(named("pveha-ask-")));
  }

  /** Asks in a thread that may wait; does nothing when the threads are ending. */
  void ask(Runnable question) {
    try {
      askers.execute(question);
    } catch (RejectedExecutionException ending) {
      LOG.debug("Nothing more is asked: {}", ending.getMessage());
    }
  }

  /** The same beside what the caller does, which goes on at once. */
  void askBeside(Runnable question) {
    try {
      lanes.execute(() -> ask(question));
    } catch (RejectedExecutionException ending) {
      LOG.debug("Nothing more is asked: {}", ending.getMessage());
    }
  }

  /**
   * Does something short once a time has passed; nothing when the threads are ending.
   *
   * @return calls it off
   */
  Runnable after(Duration delay, Runnable task) {
    try {
      ScheduledFuture<?> planned = lanes.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
      return () -> planned.cancel(false);
    } catch (RejectedExecutionException ending) {
      LOG.debug("Nothing more is done: {}", ending.getMessage());
      return () -> {};
    }
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
