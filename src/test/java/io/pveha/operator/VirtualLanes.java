package io.pveha.operator;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** What the watchers' lanes wait for; it runs when somebody lets its time come. */
final class VirtualLanes extends AbstractExecutorService implements ScheduledExecutorService {

  private record When(Instant at, long number) implements Comparable<When> {
    @Override
    public int compareTo(When other) {
      int byTime = at.compareTo(other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private final VirtualTime time;
  private final TreeMap<When, Runnable> waiting = new TreeMap<>();
  private final Map<When, VirtualProcess> paused = new HashMap<>();
  private long count;
  private boolean ended;

  VirtualLanes(VirtualTime time) {
    this.time = time;
  }

  /** When the next round is due. */
  Optional<Instant> nextDue() {
    return waiting.isEmpty() ? Optional.empty() : Optional.of(waiting.firstKey().at());
  }

  /** Makes the next round that is due by now; tells whether there was one. */
  boolean runOne() {
    if (waiting.isEmpty() || waiting.firstKey().at().isAfter(time.instant())) {
      return false;
    }
    Map.Entry<When, Runnable> next = waiting.pollFirstEntry();
    VirtualProcess process = paused.remove(next.getKey());
    if (process != null) {
      process.resume();
    } else {
      VirtualProcess.run(next.getValue());
    }
    return true;
  }

  /** The round that calls this waits until then while others are made; who is no round, waits. */
  void sleepUntil(Instant then) {
    VirtualProcess self = VirtualProcess.self();
    if (self == null) {
      time.advanceTo(then);
    } else if (then.isAfter(time.instant())) {
      When when = new When(then, count++);
      waiting.put(when, () -> {});
      paused.put(when, self);
      self.pause();
    }
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable round, long delay, TimeUnit unit) {
    When when = new When(time.instant().plusNanos(unit.toNanos(delay)), count++);
    if (!ended) {
      waiting.put(when, round);
    }
    return new Waiting(when);
  }

  @Override
  public void execute(Runnable task) {
    schedule(task, 0, TimeUnit.NANOSECONDS);
  }

  @Override
  public void shutdown() {
    ended = true;
    waiting.clear();
    List<VirtualProcess> dying = List.copyOf(paused.values());
    paused.clear();
    dying.forEach(VirtualProcess::kill);
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown();
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return ended;
  }

  @Override
  public boolean isTerminated() {
    return ended;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return ended;
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable task, long first, long period, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable task, long first, long pause, TimeUnit unit) {
    Runnable again =
        new Runnable() {
          @Override
          public void run() {
            task.run();
            if (!ended) {
              schedule(this, pause, unit);
            }
          }
        };
    return schedule(again, first, unit);
  }

  private final class Waiting implements ScheduledFuture<Void> {
    private final When when;
    private boolean cancelled;

    Waiting(When when) {
      this.when = when;
    }

    @Override
    public boolean cancel(boolean interrupt) {
      cancelled = waiting.remove(when) != null;
      return cancelled;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public boolean isDone() {
      return !waiting.containsKey(when);
    }

    @Override
    public Void get() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Void get(long timeout, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(Duration.between(time.instant(), when.at()));
    }

    @Override
    public int compareTo(Delayed other) {
      return when.compareTo(((Waiting) other).when);
    }
  }
}
