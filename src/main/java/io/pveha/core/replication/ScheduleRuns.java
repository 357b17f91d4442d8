package io.pveha.core.replication;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * How often a schedule runs, judged from runs that Proxmox names and not from its text.
 *
 * <p>A schedule that runs every minute by day and not by night names its next hundred runs within
 * two hours. So later moments are asked for too: the run named next after a moment proves a gap at
 * least that long.
 */
public final class ScheduleRuns {

  private ScheduleRuns() {}

  /** Moments after which the next run is worth asking for, when the runs known end before. */
  public static List<Instant> momentsToAsk(List<Instant> runs, Instant now) {
    if (runs.isEmpty()) {
      return List.of();
    }
    Instant known = runs.get(runs.size() - 1);
    List<Instant> moments = new ArrayList<>();
    for (int hours = 3; hours <= 24; hours += 3) {
      moments.add(now.plus(Duration.ofHours(hours)));
    }
    for (int days = 2; days <= 7; days++) {
      moments.add(now.plus(Duration.ofDays(days)));
    }
    return moments.stream().filter(known::isBefore).toList();
  }

  /**
   * The longest time from one run to the next.
   *
   * @param runs next to each other
   * @param waits from a moment to the run named next after it
   */
  public static Optional<Duration> longestGap(List<Instant> runs, Collection<Duration> waits) {
    TreeSet<Duration> gaps = new TreeSet<>(waits);
    for (int i = 1; i < runs.size(); i++) {
      gaps.add(Duration.between(runs.get(i - 1), runs.get(i)));
    }
    return gaps.isEmpty() ? Optional.empty() : Optional.of(gaps.last());
  }
}
