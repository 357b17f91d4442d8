package io.pveha.operator.polling;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a round again and again with a pause between, never two at once. A round that is asked for
 * while one runs follows at once, so that it sees what happened before it was asked for.
 */
final class Lane {

  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  private final String name;
  private final ScheduledExecutorService threads;
  private final Duration pause;
  private final Runnable round;
  private final Runnable failed;
  private ScheduledFuture<?> next;
  private boolean running;
  private boolean again;
  private boolean stopped;

  Lane(String name, ScheduledExecutorService threads, Duration pause, Runnable round) {
    this(name, threads, pause, round, () -> {});
  }

  /**
   * One whose failures matter to others.
   *
   * @param failed called after a round that ended with an exception
   */
  Lane(
      String name,
      ScheduledExecutorService threads,
      Duration pause,
      Runnable round,
      Runnable failed) {
    this.name = name;
    this.threads = threads;
    this.pause = pause;
    this.round = round;
    this.failed = failed;
  }

  /** The next round begins at once, or when the present one ends. */
  synchronized void now() {
    if (running) {
      again = true;
    } else {
      schedule(Duration.ZERO);
    }
  }

  synchronized void stop() {
    stopped = true;
    if (next != null) {
      next.cancel(false);
    }
  }

  private synchronized void schedule(Duration delay) {
    if (stopped || threads.isShutdown()) {
      return;
    }
    if (next != null) {
      next.cancel(false);
    }
    try {
      next = threads.schedule(this::run, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException ending) {
      LOG.debug("No further round of lane {}: {}", name, ending.getMessage());
    }
  }

  private void run() {
    synchronized (this) {
      if (stopped || running) {
        return;
      }
      running = true;
      again = false;
    }
    try {
      round.run();
    } catch (CancellationException ending) {
      LOG.debug("Round of lane {} was left: {}", name, ending.getMessage());
    } catch (RuntimeException bug) {
      // A lane must go on: a cluster that is not asked any more looks healthy for ever.
      LOG.error("Round of lane {} failed", name, bug);
      failed.run();
    } finally {
      synchronized (this) {
        running = false;
        schedule(again ? Duration.ZERO : pause);
      }
    }
  }
}
