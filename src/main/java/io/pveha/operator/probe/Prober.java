package io.pveha.operator.probe;

import io.pveha.api.v1alpha1.HaResourceSpec.Probe;
import io.pveha.api.v1alpha1.HaResourceStatus.ProbeResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks one guest again and again, never twice at once, and tells when it falls silent or back. */
final class Prober {

  private static final Logger LOG = LoggerFactory.getLogger(Prober.class);

  private final Probe probe;
  private final Optional<ProbeResult> saved;
  private final ScheduledExecutorService timer;
  private final Executor askers;
  private final ProbeClient asker;
  private final Clock clock;
  private final Runnable news;
  private volatile Optional<ProbeHistory> seen = Optional.empty();
  private volatile boolean stopped;

  Prober(
      Probe probe,
      Optional<ProbeResult> saved,
      ScheduledExecutorService timer,
      Executor askers,
      ProbeClient asker,
      Clock clock,
      Runnable news) {
    this.probe = probe;
    this.saved = saved;
    this.timer = timer;
    this.askers = askers;
    this.asker = asker;
    this.clock = clock;
    this.news = news;
  }

  Probe probe() {
    return probe;
  }

  Optional<ProbeHistory> seen() {
    return seen;
  }

  void start() {
    next(Duration.ZERO);
  }

  void stop() {
    stopped = true;
  }

  private void next(Duration pause) {
    if (stopped || timer.isShutdown()) {
      return;
    }
    try {
      timer.schedule(() -> askers.execute(this::round), pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException ending) {
      LOG.debug("No further probe: {}", ending.getMessage());
    }
  }

  private void round() {
    if (stopped) {
      return;
    }
    Instant begin = clock.instant();
    try {
      note(asker.ask(probe));
    } catch (RuntimeException bug) {
      // It must go on: a guest that is not asked any more looks well forever.
      LOG.error("Probe failed", bug);
    } finally {
      Duration rest =
          Duration.ofSeconds(probe.intervalSeconds())
              .minus(Duration.between(begin, clock.instant()));
      next(rest.isNegative() ? Duration.ZERO : rest);
    }
  }

  private void note(Optional<String> trouble) {
    if (stopped) {
      return;
    }
    Instant at = clock.instant();
    Optional<ProbeHistory> before = seen;
    ProbeHistory now =
        before.map(known -> known.then(at, trouble)).orElse(ProbeHistory.first(saved, at, trouble));
    seen = Optional.of(now);
    if (before.map(known -> known.answering() != now.answering()).orElse(true)) {
      news.run();
    }
  }
}
