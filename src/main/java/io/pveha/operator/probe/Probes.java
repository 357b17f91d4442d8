package io.pveha.operator.probe;

import io.pveha.api.v1alpha1.HaResourceSpec.Probe;
import io.pveha.api.v1alpha1.HaResourceStatus.ProbeResult;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** The probers of all guests, by the uid of their HaResource. */
public final class Probes implements AutoCloseable {

  private final ScheduledExecutorService timer;
  private final Executor askers;
  private final ProbeClient asker;
  private final Clock clock;
  private final Runnable end;
  private final Map<String, Prober> probers = new ConcurrentHashMap<>();

  /** With threads of another make, as tests have whose time is not real. */
  public Probes(ScheduledExecutorService timer, Executor askers, ProbeClient asker, Clock clock) {
    this(timer, askers, asker, clock, () -> {});
  }

  private Probes(
      ScheduledExecutorService timer,
      Executor askers,
      ProbeClient asker,
      Clock clock,
      Runnable end) {
    this.timer = timer;
    this.askers = askers;
    this.asker = asker;
    this.clock = clock;
    this.end = end;
  }

  /** In threads of their own, over the network. */
  public static Probes start(Clock clock) {
    ScheduledExecutorService timer =
        Executors.newScheduledThreadPool(1, named("pveha-probe-time-"));
    ExecutorService askers = Executors.newCachedThreadPool(named("pveha-probe-"));
    return new Probes(
        timer,
        askers,
        new NetworkProbeClient(),
        clock,
        () -> {
          timer.shutdownNow();
          askers.shutdownNow();
        });
  }

  /**
   * Asks this from now on; goes on as before when it is the same.
   *
   * @param saved what was seen before this process
   * @param news called when it falls silent or answers again
   */
  Optional<ProbeHistory> follow(
      String uid, Probe probe, Optional<ProbeResult> saved, Runnable news) {
    Prober running = probers.get(uid);
    if (running != null && running.probe().equals(probe)) {
      return running.seen();
    }
    Prober fresh = new Prober(probe, saved, timer, askers, asker, clock, news);
    Optional.ofNullable(probers.put(uid, fresh)).ifPresent(Prober::stop);
    fresh.start();
    return fresh.seen();
  }

  /** Asks no more. */
  public void forget(String uid) {
    Optional.ofNullable(probers.remove(uid)).ifPresent(Prober::stop);
  }

  @Override
  public void close() {
    probers.values().forEach(Prober::stop);
    probers.clear();
    end.run();
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
