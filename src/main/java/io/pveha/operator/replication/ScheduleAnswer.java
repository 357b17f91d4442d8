package io.pveha.operator.replication;

import java.time.Duration;
import java.util.Optional;

/**
 * What Proxmox says of a schedule.
 *
 * @param interval longest gap between its next runs; empty when it could not be asked
 * @param refusal why it is no schedule; empty when it is one, or nobody knows
 */
record ScheduleAnswer(Optional<Duration> interval, Optional<String> refusal) {

  static final ScheduleAnswer UNKNOWN = new ScheduleAnswer(Optional.empty(), Optional.empty());

  /** Whether Proxmox has read it as a schedule. */
  boolean isAccepted() {
    return interval.isPresent();
  }
}
