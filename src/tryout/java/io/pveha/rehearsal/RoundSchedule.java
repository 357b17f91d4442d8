package io.pveha.rehearsal;

import io.pveha.core.ha.HaDaemon;
import java.util.EnumMap;
import java.util.Map;

/** The clock of the simulated hardware, and which rounds and batches are put off. */
final class RoundSchedule {

  private static final int SHORTEST_ROUND = 20;
  private static final int LONGEST_ROUND = 60;
  private static final long END_OF_TIME = 10_000;

  private final int roundLength;
  private final Map<HaDaemon, Integer> skipped = new EnumMap<>(HaDaemon.class);
  private long time;
  private long resumeAt;

  RoundSchedule(int nodes) {
    roundLength = Math.max(SHORTEST_ROUND, 2 * nodes);
    if (roundLength >= LONGEST_ROUND) {
      throw new IllegalArgumentException(nodes + " nodes are too many for one round");
    }
  }

  long time() {
    return time;
  }

  void advanceTo(long other) {
    time = Math.max(time, other);
  }

  /** Ends a round that began at the given time. */
  void endRound(long began) {
    skipped.replaceAll((daemon, rounds) -> rounds - 1);
    skipped.values().removeIf(rounds -> rounds <= 0);
    advanceTo(began + roundLength);
    if (time > END_OF_TIME) {
      throw new IllegalStateException("does not come to an end within " + END_OF_TIME + " s");
    }
  }

  void delay(int seconds) {
    resumeAt = time + seconds;
  }

  boolean isDelayed() {
    return time < resumeAt;
  }

  void skip(HaDaemon daemon, int rounds) {
    if (rounds > 0) {
      skipped.merge(daemon, rounds, Integer::sum);
    }
  }

  boolean skips(HaDaemon daemon) {
    return skipped.containsKey(daemon);
  }
}
