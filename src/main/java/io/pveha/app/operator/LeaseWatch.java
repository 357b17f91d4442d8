package io.pveha.app.operator;

import io.pveha.core.safety.LeaderLease;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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

  private final String replica;
  private final Supplier<Optional<LeaderLease>> source;
  private final Clock clock;
  private volatile Optional<LeaderLease> seen = Optional.empty();
  private volatile boolean told = true;

  /**
   * One that has not looked yet, so that nothing is written.
   *
   * @param replica who this process is
   * @param source reads the Lease; empty when there is none; throws when it can't be read
   */
  public LeaseWatch(String replica, Supplier<Optional<LeaderLease>> source, Clock clock) {
    this.replica = replica;
    this.source = source;
    this.clock = clock;
  }

  /** Reads it from now on. */
  public void start(ScheduledExecutorService timer) {
    timer.scheduleWithFixedDelay(
        this::look, 0, LeaderLease.RETRY_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Reads it once. What was read last stands if that fails, and grows old. */
  public void look() {
    try {
      seen = source.get();
    } catch (RuntimeException notRead) {
      LOG.debug("The Lease could not be read", notRead);
    }
  }

  /** Whether this process may write to Proxmox now. */
  public boolean isHeld() {
    boolean held = seen.filter(lease -> lease.allows(replica, clock.instant())).isPresent();
    if (!held && !told) {
      LOG.warn(
          "Nothing is written to Proxmox: the Lease of the leader was last renewed {}.",
          seen.map(lease -> "by %s at %s".formatted(lease.holder(), lease.renewedAt()))
              .orElse("never"));
    }
    told = !held;
    return held;
  }
}
