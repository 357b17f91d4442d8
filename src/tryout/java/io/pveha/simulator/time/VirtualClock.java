package io.pveha.simulator.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Time that passes only when a test says so. */
public final class VirtualClock implements SimClock {

  private final ReentrantLock lock = new ReentrantLock();
  private final EventQueue events = new EventQueue();
  private Instant now;

  public VirtualClock(Instant start) {
    this.now = start;
  }

  @Override
  public Instant now() {
    lock.lock();
    try {
      return now;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Scheduled schedule(Duration delay, Runnable event) {
    lock.lock();
    try {
      return events.add(now.plus(delay.isNegative() ? Duration.ZERO : delay), event);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public ReentrantLock lock() {
    return lock;
  }

  /** Runs every event of the next {@code time} and stands at its end. */
  public void advance(Duration time) {
    lock.lock();
    try {
      Instant end = now.plus(time);
      while (runNext(end)) {
        continue;
      }
      now = end;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs events until {@code condition} holds, looking after each event.
   *
   * @return the time that passed
   * @throws IllegalStateException when it does not hold within {@code limit}
   */
  public Duration advanceUntil(BooleanSupplier condition, Duration limit) {
    lock.lock();
    try {
      Instant start = now;
      Instant end = now.plus(limit);
      while (!condition.getAsBoolean()) {
        if (!runNext(end)) {
          throw new IllegalStateException("did not happen within " + limit);
        }
      }
      return Duration.between(start, now);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public <T> T await(CompletableFuture<T> answer) {
    lock.lock();
    try {
      while (!answer.isDone()) {
        if (!runNext(Instant.MAX)) {
          throw new IllegalStateException("nothing left to happen that could answer");
        }
      }
    } finally {
      lock.unlock();
    }
    return joined(answer);
  }

  static <T> T joined(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failed;
    }
  }

  private boolean runNext(Instant end) {
    EventQueue.Event next = events.takeDue(end);
    if (next == null) {
      return false;
    }
    now = next.at;
    next.action.run();
    return true;
  }
}
