package io.pveha.core.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What an HA agent wrote last, and how long we have read the same. It is counted by our clock,
 * since the stamp is by the clock of its node; and from reading to reading, since what is not read
 * proves no silence.
 *
 * @param stamp in the words of its node's clock
 * @param first when this stamp was first read
 * @param last when it was last read
 * @param moved whether it was ever seen to change
 */
public record Heartbeat(long stamp, Instant first, Instant last, boolean moved) {

  /** When a stamp is read again, or a new one. */
  public static Heartbeat read(Optional<Heartbeat> former, long stamp, Instant now) {
    boolean same = former.filter(beat -> beat.stamp == stamp).isPresent();
    return new Heartbeat(
        stamp,
        same ? former.get().first : now,
        now,
        former.filter(beat -> beat.moved || beat.stamp != stamp).isPresent());
  }

  public boolean isSilent(Duration patience) {
    return Duration.between(first, last).compareTo(patience) > 0;
  }
}
