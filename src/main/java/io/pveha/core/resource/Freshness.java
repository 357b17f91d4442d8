package io.pveha.core.resource;

import io.pveha.core.resource.GuestCopies.Copy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Which copy is fresher. What counts is how old a copy gets before its job recreates it, since how
 * old it is now changes with each run. Two copies of one schedule whose jobs go well are equal. To
 * tell two apart takes more than to keep them apart, so that no order is written to and fro.
 */
final class Freshness {

  private static final Duration MUCH = Duration.ofMinutes(5);
  private static final Duration LITTLE = Duration.ofMinutes(2);

  private Freshness() {}

  /** Whether one is so much fresher that it is to be preferred. */
  static boolean isClear(Copy fresh, Copy stale, Instant now) {
    return isMoreThan(fresh, stale, now, 2, MUCH).orElse(false);
  }

  /** Whether one that was preferred may go on so. */
  static boolean isArguable(Copy fresh, Copy stale, Instant now) {
    return isMoreThan(fresh, stale, now, 1, LITTLE).orElse(true);
  }

  private static Optional<Boolean> isMoreThan(
      Copy fresh, Copy stale, Instant now, int times, Duration margin) {
    Optional<Duration> young = fresh.reach(now);
    Optional<Duration> old = stale.reach(now);
    if (young.isEmpty() || old.isEmpty()) {
      return Optional.empty();
    }
    boolean alike =
        fresh.run().get().goesWell()
            && stale.run().get().goesWell()
            && fresh.run().get().schedule().equals(stale.run().get().schedule());
    return Optional.of(
        !alike && old.get().compareTo(young.get().multipliedBy(times).plus(margin)) > 0);
  }
}
