package io.pveha.operator.ownermark;

import io.pveha.core.options.MarkOwner;
import io.pveha.core.plan.Plan;
import io.pveha.operator.host.Claimants;
import io.pveha.operator.owner.OwnershipState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What was found about the owner of a Proxmox cluster.
 *
 * @param standing of the ProxmoxCluster
 * @param mark what is still to be written for it, or was just now
 * @param marked whether it was just written
 * @param until when to look again; empty when only news matters
 */
public record OwnershipFinding(
    OwnershipState standing, Optional<MarkOwner> mark, boolean marked, Optional<Instant> until) {

  private static final Duration SOONEST = Duration.ofMillis(50);

  /** The mark among what is planned, as long as it is not written. */
  public Plan<MarkOwner> plan() {
    return new Plan<>(
        List.of(),
        marked ? List.of() : mark.stream().toList(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  /** When to look again, if not before. */
  public Duration soonest(Duration pause, Instant now) {
    Duration rival = standing.isBarred() ? Claimants.RIVAL_LOOK : pause;
    Duration look = until.map(at -> Duration.between(now, at)).orElse(pause);
    Duration soonest = Collections.min(List.of(pause, rival, look));
    return soonest.compareTo(SOONEST) > 0 ? soonest : SOONEST;
  }

  static OwnershipFinding of(OwnershipState standing) {
    return new OwnershipFinding(standing, Optional.empty(), false, Optional.empty());
  }
}
