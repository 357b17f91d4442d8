package io.pveha.operator.replication;

import io.pveha.api.v1alpha1.ReplicationJobSpec;
import io.pveha.api.v1alpha1.ReplicationJobStatus;
import io.pveha.core.plan.Finding;
import io.pveha.core.safety.Listing;
import io.pveha.core.safety.Sight;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.proxmox.GuestCalls.Guest;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether what a ReplicationJob works for can be told from what is listed. */
final class SelectionDoubt {

  private SelectionDoubt() {}

  /**
   * Why it can't, so that nothing is made, removed or called healthy for it; empty when it can. A
   * guest that is named and seen is no matter of selection.
   *
   * @param former with the guests that were selected so far
   */
  static Optional<Finding> of(
      ReplicationJobSpec spec, ReplicationJobStatus former, ClusterFacts facts) {
    Sight sight = facts.sight();
    Optional<Finding> jobs = sight.doubt(Listing.REPLICATION_JOBS);
    if (spec.guest() != null) {
      int vmid = spec.guest().vmid();
      return facts.fast().guest(vmid).isPresent()
          ? jobs
          : jobs.or(() -> sight.doubtThatGone(Listing.GUESTS, Integer.toString(vmid)));
    }
    return Stream.of(Listing.GUESTS, Listing.POOL_MEMBERS)
        .filter(listing -> listing != Listing.POOL_MEMBERS || spec.selector().pool() != null)
        .flatMap(listing -> sight.doubt(listing).stream())
        .findFirst()
        .or(() -> jobs)
        .or(
            () ->
                former.jobs().stream()
                    .map(ReplicationJobStatus.Job::vmid)
                    .filter(Objects::nonNull)
                    .flatMap(vmid -> thatLeft(vmid, spec, facts).stream())
                    .findFirst());
  }

  /** Why a guest that was selected is not known to be gone, or to have left its pool. */
  static Optional<Finding> thatLeft(int vmid, ReplicationJobSpec spec, ClusterFacts facts) {
    Optional<Guest> guest = facts.fast().guest(vmid);
    if (guest.isEmpty()) {
      return facts.sight().doubtThatGone(Listing.GUESTS, Integer.toString(vmid));
    }
    String pool = spec.selector() == null ? null : spec.selector().pool();
    return pool == null || guest.get().pool().filter(pool::equals).isPresent()
        ? Optional.empty()
        : facts.sight().doubtThatGone(Listing.POOL_MEMBERS, pool + "/" + vmid);
  }
}
