package io.pveha.core.safety;

import java.time.Duration;
import java.time.Instant;

/**
 * The Lease by which replicas of the operator agree which of them leads, as it was last read. Who
 * leads writes to Proxmox only while it renews the Lease in time: another replica takes a Lease
 * over that is older than {@link #DURATION}, whatever the one that held it is doing.
 *
 * @param holder which replica holds it
 * @param renewedAt when that one renewed it last, by its own clock
 */
public record LeaderLease(String holder, Instant renewedAt) {

  /** Another replica takes it over when it is that old. */
  public static final Duration DURATION = Duration.ofSeconds(15);

  /**
   * Nothing is written when it is that old. The time that is left until another one may lead is for
   * requests on their way, and for clocks that differ.
   */
  public static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);

  /** How often it is renewed, and read. */
  public static final Duration RETRY_PERIOD = Duration.ofSeconds(2);

  /**
   * Whether this replica may write. A time far ahead is none that its own clock gave.
   *
   * @param known for how long this renewal has been known at least, by a clock that is never set
   */
  public boolean allows(String replica, Instant now, Duration known) {
    return holder.equals(replica)
        && known.compareTo(RENEW_DEADLINE) < 0
        && Duration.between(renewedAt, now).abs().compareTo(RENEW_DEADLINE) < 0;
  }
}
