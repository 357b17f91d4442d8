package io.pveha.app.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for something to become true, and says what it waited for when it never does. */
final class Waiting {

  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Clock clock;

  Waiting(Clock clock) {
    this.clock = clock;
  }

  /** Looks again and again until it is so, or the time is over. */
  void atMost(Duration limit, BooleanSupplier isSo) {
    Instant deadline = clock.instant().plus(limit);
    while (!isSo.getAsBoolean()
        && clock.instant().isBefore(deadline)
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /**
   * Looks again and again until it is so.
   *
   * @param what completes "waited in vain for"
   * @param needed process without which it can't come true
   * @throws DemoFailure when the time is over or the process has ended
   */
  void until(String what, Duration limit, ChildProcess needed, BooleanSupplier isSo) {
    Instant deadline = clock.instant().plus(limit);
    while (!isSo.getAsBoolean()) {
      needed.mustLive();
      if (Thread.currentThread().isInterrupted()) {
        throw new DemoFailure("interrupted while waiting for " + what);
      }
      if (clock.instant().isAfter(deadline)) {
        throw new DemoFailure("waited in vain for %s (%d s)".formatted(what, limit.toSeconds()));
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
