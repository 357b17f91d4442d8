package io.pveha.core.failover;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The state of its disks that a recovered guest goes on from.
 *
 * @param complete nothing is lost: all nodes see the same disks
 * @param at start of the last good replication otherwise; empty when unknown
 */
public record RecoveryPoint(boolean complete, Optional<Instant> at) {

  static final RecoveryPoint COMPLETE = new RecoveryPoint(true, Optional.empty());
  static final RecoveryPoint UNKNOWN = new RecoveryPoint(false, Optional.empty());

  static RecoveryPoint of(Instant at) {
    return new RecoveryPoint(false, Optional.of(at));
  }

  /** Whether it is unknown what would be lost. */
  public boolean isUnknown() {
    return !complete && at.isEmpty();
  }

  /** Seconds of writes that would be lost if the node died then; empty when unknown. */
  public OptionalLong lossSeconds(Instant death) {
    if (complete) {
      return OptionalLong.of(0);
    }
    return at.map(point -> OptionalLong.of(Math.max(0, Duration.between(point, death).toSeconds())))
        .orElse(OptionalLong.empty());
  }
}
