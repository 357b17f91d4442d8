package io.pveha.core.safety;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a guest was found to be missing from the list of guests. It is over for a job once the job
 * has run since: what the run copied are the disks that are there now.
 *
 * <p>The gap has a time of ours and the run one of its node, whose clock may be set otherwise. A
 * run counts when it is later also if its node's clock is ahead as much as it may be, and not at
 * all when that is not known. A clock that was set back between run and measurement by more than
 * {@link #SET_SINCE} is not noticed.
 *
 * @param at by our clock
 * @param overAfter by the node's clock, the last moment at which a run proves nothing; empty when
 *     that clock is not known
 */
public record ListGap(Instant at, Optional<Instant> overAfter) {

  /** By how much NTP may have moved the clock since the run, and the run have been told late. */
  static final Duration SET_SINCE = Duration.ofSeconds(30);

  /**
   * A gap.
   *
   * @param aheadAtMost of the clock of the node where the guest is; negative when it is behind for
   *     sure, empty when it was not told
   */
  public static ListGap of(Instant at, Optional<Duration> aheadAtMost) {
    return new ListGap(
        at,
        aheadAtMost.map(
            ahead -> at.plus(ahead.isNegative() ? Duration.ZERO : ahead).plus(SET_SINCE)));
  }

  /**
   * Whether a job has run since.
   *
   * @param toldSync start of its last run that succeeded, by the clock of its node
   */
  public boolean isOverBy(Instant toldSync) {
    return overAfter.filter(toldSync::isAfter).isPresent();
  }
}
