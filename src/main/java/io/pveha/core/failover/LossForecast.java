package io.pveha.core.failover;

import io.pveha.core.failover.GuestForecast.Outcome;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What would become of guests if nodes died together.
 *
 * @param quorate whether the others would go on
 * @param times when what happens
 * @param guests those of the lost nodes by id; all of the cluster when the quorum is lost
 */
public record LossForecast(
    SortedSet<String> lost, boolean quorate, FenceTimes times, List<GuestForecast> guests) {

  public LossForecast {
    lost = Collections.unmodifiableSortedSet(new TreeSet<>(lost));
    guests = List.copyOf(guests);
  }

  public long recovered() {
    return guests.stream().filter(guest -> guest.outcome() == Outcome.RECOVERED).count();
  }

  /** Those of which nobody can say. */
  public long unknown() {
    return guests.stream().filter(guest -> guest.outcome() == Outcome.UNKNOWN).count();
  }

  public long stranded() {
    return guests.stream().filter(GuestForecast::isStranded).count();
  }
}
