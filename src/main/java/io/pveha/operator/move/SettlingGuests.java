package io.pveha.operator.move;

import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceStatus.Failover;
import io.pveha.api.v1alpha1.HaResourceStatus.Phase;
import io.pveha.api.v1alpha1.MovePhase;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Move;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReplicationJobStatus;
import io.pveha.core.cluster.GuestId;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.proxmox.GuestCalls.Guest;
import io.pveha.proxmox.HaCalls.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Guests that change their node, or just did: Proxmox turns their replication jobs round then, and
 * until these have run again the state of the replicas is unknown.
 */
public final class SettlingGuests {

  /** When no schedule is known. */
  private static final Duration USUAL = Duration.ofMinutes(2);

  /** A schedule of hours is no excuse for not knowing. */
  private static final Duration LONGEST = Duration.ofMinutes(20);

  private static final Duration RUN = Duration.ofMinutes(1);

  private final ProxmoxClusterStatus former;
  private final ClusterFacts facts;
  private final Map<String, List<HaResource>> resourcesOf = new HashMap<>();
  private Map<Integer, Duration> intervals;
  private final Collection<ReplicationJob> replications;
  private final Instant now;

  public SettlingGuests(
      ProxmoxClusterStatus former,
      ClusterFacts facts,
      Collection<HaResource> resources,
      Collection<ReplicationJob> replications,
      Instant now) {
    this.former = former;
    this.facts = facts;
    this.replications = replications;
    resources.forEach(
        resource ->
            resourcesOf
                .computeIfAbsent(resource.getSpec().guest().sid(), unused -> new ArrayList<>(1))
                .add(resource));
    this.now = now;
  }

  /** Whether it is one of them. */
  public boolean includes(String sid) {
    return isBetweenNodes(sid) || moves(sid) || cameLately(sid);
  }

  /** Proxmox HA and the guest's configuration do not name the same node. */
  private boolean isBetweenNodes(String sid) {
    Optional<Service> service = facts.fast().service(sid);
    Optional<Guest> guest = GuestId.ofSid(sid).flatMap(id -> facts.fast().guest(id));
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
    return resourcesOf.getOrDefault(sid, List.of()).stream()
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
    if (intervals == null) {
      intervals = new HashMap<>();
      replications.stream()
          .map(ReplicationJob::reported)
          .filter(status -> status.scheduleIntervalSeconds() != null)
          .forEach(this::interval);
    }
    return GuestId.ofSid(sid)
        .map(id -> intervals.get(id.vmid()))
        .map(interval -> interval.compareTo(LONGEST) > 0 ? LONGEST : interval)
        .orElse(USUAL);
  }

  private void interval(ReplicationJobStatus status) {
    Duration interval = Duration.ofSeconds(status.scheduleIntervalSeconds()).plus(RUN);
    status.jobs().stream()
        .map(ReplicationJobStatus.Job::vmid)
        .filter(Objects::nonNull)
        .forEach(
            vmid ->
                intervals.merge(
                    vmid, interval, (one, other) -> one.compareTo(other) <= 0 ? one : other));
  }
}
