package io.pveha.operator.polling;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a round again and again with a pause between, never two at once. A round that is asked for
 * while one runs follows at once, so that it sees what happened before it was asked for. A round
 * may wait for a node: it holds up no other lane.
 */
final class Lane {

  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  private final String name;
  private final WatcherThreads threads;
  private final Supplier<Optional<Duration>> pause;
  private final Runnable round;
  private final Runnable failed;
  private ScheduledFuture<?> next;
  private boolean running;
  private boolean again;
  private boolean stopped;

  Lane(String name, WatcherThreads threads, Duration pause, Runnable round) {
    this(name, threads, () -> Optional.of(pause), round, () -> {});
  }

  /**
   * One whose pauses differ and whose failures matter to others.
   *
   * @param pause asked for after each round; empty to rest until {@link #now} or {@link #in}
   * @param failed called after a round that ended with an exception
   */
  Lane(
      String name,
      WatcherThreads threads,
      Supplier<Optional<Duration>> pause,
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

  /** The next round begins after that time at the latest; a present one counts. */
  synchronized void in(Duration delay) {
    boolean sooner =
        next == null || next.isDone() || next.getDelay(TimeUnit.MILLISECONDS) > delay.toMillis();
    if (!running && sooner) {
      schedule(delay);
    }
  }

  synchronized void stop() {
    stopped = true;
    if (next != null) {
      next.cancel(false);
    }
  }

  private synchronized void schedule(Duration delay) {
    if (stopped || threads.lanes().isShutdown()) {
      return;
    }
    if (next != null) {
      next.cancel(false);
    }
    try {
      next =
          threads
              .lanes()
              .schedule(() -> threads.ask(this::run), delay.toMillis(), TimeUnit.MILLISECONDS);
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
      // A lane must go on: a cluster that is not asked any more looks healthy forever.
      LOG.error("Round of lane {} failed", name, bug);
      failed.run();
    } finally {
      Optional<Duration> rest = pause.get();
      synchronized (this) {
        running = false;
        (again ? Optional.of(Duration.ZERO) : rest).ifPresent(this::schedule);
      }
    }
  }
}
