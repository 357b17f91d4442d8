package io.pveha.app.operator;

import io.pveha.core.safety.LeaderLease;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the Lease of the leader as often as it is renewed. The one who renews it gives up only when
 * its requests have timed out, up to 22 s after the last renewal (10 s to read, 10 s to write, 2 s
 * between); another replica leads after 15 s. So each write to Proxmox asks here, and is refused
 * after 10 s.
 */
public final class LeaseWatch {

  private static final Logger LOG = LoggerFactory.getLogger(LeaseWatch.class);

  /**
   * A renewal.
   *
   * @param nanos when the question was asked that told of it first, by the clock that is never set
   */
  private record Seen(LeaderLease lease, long nanos) {}

  private final String replica;
  private final Supplier<Optional<LeaderLease>> source;
  private final Clock clock;
  private final LongSupplier nanos;
  private volatile Optional<Seen> seen = Optional.empty();
  private volatile boolean told = true;

  /**
   * One that has not looked yet, so that nothing is written.
   *
   * @param replica who this process is
   * @param source reads the Lease; empty when there is none; throws when it can't be read
   * @param nanos a clock that is never set, in nanoseconds
   */
  public LeaseWatch(
      String replica, Supplier<Optional<LeaderLease>> source, Clock clock, LongSupplier nanos) {
    this.replica = replica;
    this.source = source;
    this.clock = clock;
    this.nanos = nanos;
  }

  /** Reads it from now on. */
  public void start(ScheduledExecutorService timer) {
    timer.scheduleWithFixedDelay(
        this::look, 0, LeaderLease.RETRY_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Reads it once. What was read last stands if that fails, and grows old. */
  public void look() {
    long asked = nanos.getAsLong();
    try {
      Optional<Seen> before = seen;
      seen =
          source
              .get()
              .map(
                  lease ->
                      before
                          .filter(known -> known.lease().equals(lease))
                          .orElseGet(() -> new Seen(lease, asked)));
    } catch (RuntimeException notRead) {
      LOG.debug("The Lease could not be read", notRead);
    }
  }

  /** Whether this process may write to Proxmox now. */
  public boolean isHeld() {
    boolean held =
        seen.filter(
                known ->
                    known
                        .lease()
                        .allows(
                            replica,
                            clock.instant(),
                            Duration.ofNanos(nanos.getAsLong() - known.nanos())))
            .isPresent();
    if (!held && !told) {
      LOG.warn(
          "Nothing is written to Proxmox: the Lease of the leader was last renewed {}.",
          seen.map(Seen::lease)
              .map(lease -> "by %s at %s".formatted(lease.holder(), lease.renewedAt()))
              .orElse("never"));
    }
    told = !held;
    return held;
  }
}
