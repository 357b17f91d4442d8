package io.pveha.core.failover;

import io.pveha.core.failover.GuestForecast.Outcome;
import io.pveha.core.placement.ServiceId;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

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

  /** Those that are unknown. */
  public long unknown() {
    return guests.stream().filter(guest -> guest.outcome() == Outcome.UNKNOWN).count();
  }

  public long stranded() {
    return guests.stream().filter(GuestForecast::isStranded).count();
  }

  /** How many are stranded for each reason. */
  public SortedMap<StrandedReason, Long> strandedByReason() {
    return guests.stream()
        .flatMap(guest -> guest.stranded().stream())
        .collect(
            Collectors.groupingBy(
                GuestForecast.Stranded::reason, TreeMap::new, Collectors.counting()));
  }

  /** The oldest state that a recovered guest would go on from; empty when none is known. */
  public Optional<Instant> oldestReplica() {
    return guests.stream()
        .filter(guest -> guest.outcome() == Outcome.RECOVERED)
        .flatMap(guest -> guest.point().flatMap(RecoveryPoint::at).stream())
        .min(Comparator.naturalOrder());
  }

  /** What would become of one of them. */
  public Optional<GuestForecast> guest(ServiceId id) {
    return guests.stream().filter(guest -> guest.guest().equals(id)).findFirst();
  }
}
