package io.pveha.simulator.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The simulated time and the one queue of events. Events run one at a time, in order of their time
 * and then of their scheduling, holding {@link #lock()}. Whoever reads or changes the world holds
 * the same lock.
 */
public interface SimClock {

  /** The simulated time. */
  Instant now();

  /** Runs {@code event} once {@code delay} of simulated time has passed. */
  Scheduled schedule(Duration delay, Runnable event);

  /** Held while an event runs; to be held by everybody else who touches the world. */
  ReentrantLock lock();

  /**
   * Waits, without holding the lock, until {@code answer} is done. A virtual clock lets time pass
   * meanwhile, event by event.
   *
   * @throws IllegalStateException when a virtual clock has no event left that could finish it
   */
  <T> T await(CompletableFuture<T> answer);

  /** An event that has not run yet. */
  interface Scheduled {
    /** Forgets the event; without effect when it ran already. */
    void cancel();
  }
}
