package io.pveha.simulator.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Time that runs {@code speed} times as fast as the given source of nanoseconds. One thread of its
 * own runs the events.
 */
public final class ScaledClock implements SimClock, AutoCloseable {

  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition queueChanged = lock.newCondition();
  private final EventQueue events = new EventQueue();
  private final Instant start;
  private final double speed;
  private final LongSupplier nanos;
  private final long startNanos;
  private final Thread thread;
  private boolean closed;

  /**
   * @param start the simulated time at which it begins
   * @param speed simulated seconds per second of the source, above 0
   * @param nanos a monotonic source of nanoseconds
   */
  public ScaledClock(Instant start, double speed, LongSupplier nanos) {
    if (!(speed > 0)) {
      throw new IllegalArgumentException("speed must be above 0, not " + speed);
    }
    this.start = start;
    this.speed = speed;
    this.nanos = nanos;
    this.startNanos = nanos.getAsLong();
    this.thread = new Thread(this::run, "simulated-time");
    this.thread.setDaemon(true);
    this.thread.start();
  }

  /** Simulated seconds per real second. */
  public double speed() {
    return speed;
  }

  @Override
  public Instant now() {
    return start.plusNanos((long) ((nanos.getAsLong() - startNanos) * speed));
  }

  @Override
  public Scheduled schedule(Duration delay, Runnable event) {
    lock.lock();
    try {
      Scheduled added = events.add(now().plus(delay), event);
      queueChanged.signalAll();
      return added;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public ReentrantLock lock() {
    return lock;
  }

  @Override
  public <T> T await(CompletableFuture<T> answer) {
    return VirtualClock.joined(answer);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      queueChanged.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    lock.lock();
    try {
      while (!closed) {
        EventQueue.Event due = events.takeDue(now());
        if (due != null) {
          runOne(due);
        } else {
          pause();
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void runOne(EventQueue.Event due) {
    try {
      due.action.run();
    } catch (RuntimeException broken) {
      // One broken event must not stop the time of all others; the thread's handler reports it.
      Thread.UncaughtExceptionHandler handler = thread.getUncaughtExceptionHandler();
      handler.uncaughtException(thread, broken);
    }
  }

  private void pause() throws InterruptedException {
    EventQueue.Event next = events.peek();
    long wait = LONGEST_PAUSE_NANOS;
    if (next != null) {
      double ahead = Duration.between(now(), next.at).toNanos() / speed;
      wait = Math.max(10_000L, Math.min(LONGEST_PAUSE_NANOS, (long) ahead));
    }
    queueChanged.awaitNanos(wait);
  }
}
