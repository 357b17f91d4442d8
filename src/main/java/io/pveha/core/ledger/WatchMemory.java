package io.pveha.core.ledger;

import io.pveha.api.v1alpha1.FailoverPhase;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one who has watched all along remembers, and does not save. Whoever has only just begun to
 * look, or looks again after a break, has {@link #NONE}: then nothing that is seen for the first
 * time has happened just now.
 *
 * @param steady whether it was looked at just before
 * @param fromItsBegin whether the record under way was seen from its begin
 * @param downSince when it was first seen not running, in the record under way
 * @param lossAt since when the lost node was silent
 * @param predictedOutageSeconds as it was before anything happened
 * @param missed phases that were reached unobserved
 */
public record WatchMemory(
    boolean steady,
    boolean fromItsBegin,
    Optional<Instant> downSince,
    Optional<Instant> lossAt,
    Optional<Long> predictedOutageSeconds,
    Set<FailoverPhase> missed) {

  public static final WatchMemory NONE =
      new WatchMemory(false, false, Optional.empty(), Optional.empty(), Optional.empty(), Set.of());

  public WatchMemory {
    missed = Set.copyOf(missed);
  }

  static WatchMemory quiet(Optional<Long> predicted) {
    return new WatchMemory(true, false, Optional.empty(), Optional.empty(), predicted, Set.of());
  }

  WatchMemory begun(Optional<Instant> silentSince) {
    return new WatchMemory(true, true, downSince, silentSince, predictedOutageSeconds, Set.of());
  }

  WatchMemory looked() {
    return new WatchMemory(true, fromItsBegin, downSince, lossAt, predictedOutageSeconds, missed);
  }

  WatchMemory down(Instant at) {
    return downSince.isPresent()
        ? this
        : new WatchMemory(
            steady, fromItsBegin, Optional.of(at), lossAt, predictedOutageSeconds, missed);
  }

  WatchMemory missing(FailoverPhase phase) {
    Set<FailoverPhase> more = new TreeSet<>(missed);
    more.add(phase);
    return new WatchMemory(steady, fromItsBegin, downSince, lossAt, predictedOutageSeconds, more);
  }
}
