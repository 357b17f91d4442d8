package io.pveha.operator.cluster;

import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceStatus.Failover;
import io.pveha.api.v1alpha1.HaResourceStatus.Phase;
import io.pveha.api.v1alpha1.MovePhase;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Move;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.proxmox.GuestCalls.Guest;
import io.pveha.proxmox.HaCalls.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/**
 * Guests that change their node, or just did: Proxmox turns their replication jobs round then, and
 * until these have run again nobody tells what the replicas are worth.
 */
final class SettlingGuests {

  /** When no schedule is known. */
  private static final Duration USUAL = Duration.ofMinutes(2);

  /** A schedule of hours is no excuse for not knowing. */
  private static final Duration LONGEST = Duration.ofMinutes(20);

  private static final Duration RUN = Duration.ofMinutes(1);

  private final ProxmoxClusterStatus former;
  private final ClusterFacts facts;
  private final Collection<HaResource> resources;
  private final Collection<ReplicationJob> replications;
  private final Instant now;

  SettlingGuests(
      ProxmoxClusterStatus former,
      ClusterFacts facts,
      Collection<HaResource> resources,
      Collection<ReplicationJob> replications,
      Instant now) {
    this.former = former;
    this.facts = facts;
    this.resources = resources;
    this.replications = replications;
    this.now = now;
  }

  /** Whether it is one of them. */
  boolean includes(String sid) {
    return isBetweenNodes(sid) || moves(sid) || cameLately(sid);
  }

  /** Proxmox HA and the guest's configuration do not name the same node. */
  private boolean isBetweenNodes(String sid) {
    Optional<Service> service = facts.fast().service(sid);
    Optional<Guest> guest =
        facts.fast().guests().stream().filter(each -> each.id().sid().equals(sid)).findFirst();
    return service.isPresent()
        && guest.isPresent()
        && !guest.get().node().value().equals(service.get().node());
  }

  private boolean moves(String sid) {
    return former.moves().stream()
        .filter(move -> move.guest().equals(sid))
        .anyMatch(move -> move.phase() == MovePhase.MOVING || isLately(move));
  }

  private boolean isLately(Move move) {
    return move.phase() == MovePhase.DONE
        && move.finishedAt() != null
        && now.isBefore(move.finishedAt().plus(usual(move.guest())));
  }

  private boolean cameLately(String sid) {
    return resources.stream()
        .filter(resource -> resource.getSpec().guest().sid().equals(sid))
        .anyMatch(
            resource ->
                resource.reported().failoverInProgress() != null
                    || resource.reported().failovers().stream()
                        .findFirst()
                        .flatMap(SettlingGuests::end)
                        .filter(end -> now.isBefore(end.plus(usual(sid))))
                        .isPresent());
  }

  private static Optional<Instant> end(Failover failover) {
    return failover.phases().stream()
        .map(Phase::at)
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder());
  }

  /** Until the next replication has run. */
  private Duration usual(String sid) {
    return replications.stream()
        .map(ReplicationJob::reported)
        .filter(
            status ->
                status.scheduleIntervalSeconds() != null
                    && status.jobs().stream().anyMatch(job -> sid.endsWith(":" + job.vmid())))
        .map(status -> Duration.ofSeconds(status.scheduleIntervalSeconds()).plus(RUN))
        .min(Comparator.naturalOrder())
        .map(interval -> interval.compareTo(LONGEST) > 0 ? LONGEST : interval)
        .orElse(USUAL);
  }
}
