package io.pveha.core.safety;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Finding;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * How old facts may be on which something is written or called healthy. Polling that came to a
 * standstill, by whatever fault, leaves the last facts behind as if nothing had happened.
 */
public final class AgeLimit {

  /** Membership, guests and HA, which are asked for every 2 s. */
  public static final Duration FAST = Duration.ofSeconds(30);

  /** Everything else, which is asked for every 15 s and may take as long. */
  public static final Duration SLOW = Duration.ofSeconds(120);

  private AgeLimit() {}

  /**
   * Why nothing may rest on facts of these ages; empty when it may.
   *
   * @param fastAt when membership, guests and HA were asked for
   * @param slowAt when everything else was
   */
  public static Optional<Finding> doubt(Instant fastAt, Instant slowAt, Instant now) {
    return doubt(fastAt, FAST, now).or(() -> doubt(slowAt, SLOW, now));
  }

  /** The same for what is asked for as often as membership alone. */
  public static Optional<Finding> doubt(Instant fastAt, Instant now) {
    return doubt(fastAt, FAST, now);
  }

  /** Whether something that is asked for as rarely as the rest is too old to rest anything on. */
  public static boolean isPast(Instant at, Instant now) {
    return isPast(at, SLOW, now);
  }

  private static boolean isPast(Instant at, Duration limit, Instant now) {
    return at.plus(limit).isBefore(now);
  }

  private static Optional<Finding> doubt(Instant at, Duration limit, Instant now) {
    return isPast(at, limit, now)
        ? Optional.of(
            Finding.delays(
                ConditionReason.FACTS_TOO_OLD,
                // No age: the words stay the same while it grows.
                ("Proxmox was last asked with success at %s, and facts older than %d "
                        + "s are not used; the operator's log says what keeps it from asking.")
                    .formatted(at.truncatedTo(ChronoUnit.SECONDS), limit.toSeconds())))
        : Optional.empty();
  }
}
