package io.pveha.operator.polling;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Finding;
import io.pveha.core.safety.Listing;
import io.pveha.proxmox.Rows;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Lists with rows that can't be read: a gap in them proves nothing. */
final class UnreadRows {

  private UnreadRows() {}

  /** Why the gaps of which lists prove nothing; empty when all could be read. */
  static Map<Listing, Finding> of(FastFacts fast, SlowFacts slow) {
    Map<Listing, Finding> doubts = new EnumMap<>(Listing.class);
    doubt(doubts, Listing.GUESTS, "guests", fast.guests());
    doubt(doubts, Listing.POOL_MEMBERS, "guests", fast.guests());
    doubt(doubts, Listing.HA_RESOURCES, "HA resources", slow.resources());
    doubt(doubts, Listing.HA_PLACEMENTS, "HA rules", slow.rules());
    doubt(doubts, Listing.HA_PLACEMENTS, "HA groups", slow.groups());
    doubt(doubts, Listing.REPLICATION_JOBS, "replication jobs", slow.jobs());
    doubt(doubts, Listing.STORAGES, "storages", slow.storages());
    return doubts;
  }

  private static void doubt(
      Map<Listing, Finding> doubts, Listing listing, String name, List<?> rows) {
    Rows.problem(rows)
        .ifPresent(
            problem ->
                doubts.put(
                    listing,
                    Finding.delays(
                        ConditionReason.NOT_PROXMOX,
                        ("Proxmox's list of %s can't be read in full (%s), so "
                                + "nothing is concluded from what it lacks. Check what its "
                                + "API answers.")
                            .formatted(name, problem))));
  }
}
