package io.pveha.operator;

import io.pveha.operator.polling.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks nodes in the thread of who asks, as if at once: the silence of a node takes its time when
 * its answer is waited for, so that two silent nodes take no longer than one.
 */
final class VirtualAskers extends AbstractExecutorService {

  private final VirtualTime time;
  private final VirtualLanes lanes;
  private final Pace pace;
  private Duration silence;
  private boolean ended;

  VirtualAskers(VirtualTime time, VirtualLanes lanes, Pace pace) {
    this.time = time;
    this.lanes = lanes;
    this.pace = pace;
  }

  /** A node is silent for so long; that passes now, or when the answer is waited for. */
  void silent(Duration howLong) {
    if (silence == null) {
      lanes.sleepUntil(time.instant().plus(howLong));
    } else {
      silence = silence.plus(howLong);
    }
  }

  @Override
  public <T> Future<T> submit(Callable<T> question) {
    Instant asked = time.instant();
    silence = Duration.ZERO;
    T answer = null;
    RuntimeException failure = null;
    try {
      answer = question.call();
    } catch (RuntimeException e) {
      failure = e;
    } catch (Exception e) {
      failure = new IllegalStateException(e);
    } finally {
      Duration silent = silence;
      silence = null;
      asked = asked.plus(silent);
    }
    return new Answer<>(asked, answer, failure);
  }

  @Override
  public void execute(Runnable task) {
    task.run();
  }

  @Override
  public void shutdown() {
    ended = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    ended = true;
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

  private final class Answer<T> implements Future<T> {
    private final Instant ready;
    private final T answer;
    private final RuntimeException failure;

    Answer(Instant ready, T answer, RuntimeException failure) {
      this.ready = ready;
      this.answer = answer;
      this.failure = failure;
    }

    /** How long is waited is told in real time, of which some is gone; the pace knows better. */
    @Override
    public T get(long timeout, TimeUnit unit) throws ExecutionException, TimeoutException {
      long multiple = 1 + (unit.toMillis(timeout) - 1) / pace.patience().toMillis();
      Duration patience = pace.patience().multipliedBy(Math.max(1, multiple));
      Instant end = time.instant().plus(patience);
      if (ready.isAfter(end)) {
        lanes.sleepUntil(end);
        throw new TimeoutException();
      }
      return get();
    }

    @Override
    public T get() throws ExecutionException {
      lanes.sleepUntil(ready);
      if (failure != null) {
        throw new ExecutionException(failure);
      }
      return answer;
    }

    @Override
    public boolean cancel(boolean interrupt) {
      return false;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public boolean isDone() {
      return true;
    }
  }
}
