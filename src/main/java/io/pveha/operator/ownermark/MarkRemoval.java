package io.pveha.operator.ownermark;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ManagementPolicy;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.core.options.RemoveMark;
import io.pveha.core.safety.ClusterHold;
import io.pveha.core.safety.ClusterNotes;
import io.pveha.core.safety.OwnerMark;
import io.pveha.core.safety.WriteGrant;
import io.pveha.operator.host.Departure;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.polling.Observation;
import io.pveha.operator.polling.Watchers;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.Verdict;
import io.pveha.operator.steps.Work;
import io.pveha.proxmox.ProxmoxFailure;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Takes the owner's mark out of the datacenter notes when its ProxmoxCluster is deleted. */
public final class MarkRemoval {

  private final ProxmoxCluster cluster;
  private final Optional<ClusterWatcher> watcher;
  private final Watchers watchers;
  private final Work<ProxmoxClusterStatus, ProxmoxCluster> work;

  public MarkRemoval(
      ProxmoxCluster cluster,
      Optional<ClusterWatcher> watcher,
      Watchers watchers,
      Work<ProxmoxClusterStatus, ProxmoxCluster> work) {
    this.cluster = cluster;
    this.watcher = watcher;
    this.watchers = watchers;
    this.work = work;
  }

  /**
   * Takes it out if it is there; what can't be reached is left as it is, which an Event tells.
   *
   * @return whether the object may go; if not, its status says why
   */
  public boolean isDone() {
    if (!cluster.reported().wasFormed()) {
      return true;
    }
    Optional<Observation> seen = watcher.map(ClusterWatcher::observation);
    if (seen.isEmpty() || seen.get().outOfSight().isPresent()) {
      return leave("Proxmox is unreachable");
    }
    if (seen.get().isTroublePassing() && !Departure.isAbandoned(cluster)) {
      return false;
    }
    if (seen.get().facts().isEmpty()) {
      return Departure.isAbandoned(cluster) || !watchers.isFirstLook(id())
          ? leave("its members could not be asked")
          : waits("Looking for the owner's mark in the datacenter notes.");
    }
    Optional<OwnerMark> mark = mark(seen.get());
    if (mark.isEmpty()) {
      return true;
    }
    if (cluster.getSpec().managementPolicy() == ManagementPolicy.OBSERVE) {
      return leave("managementPolicy is Observe", mark.get());
    }
    try {
      new DatacenterNotes(watcher.orElseThrow(), grant(seen.get().facts().get()))
          .remove(this::isOurs);
      return true;
    } catch (ProxmoxFailure failure) {
      return !failure.mayPass() || Departure.isAbandoned(cluster)
          ? leave(failure.getMessage(), mark.get())
          : waits(OwnerMarkMessages.removing(failure, Departure.wayOut(cluster)));
    }
  }

  private Optional<OwnerMark> mark(Observation seen) {
    List<ClusterNotes> notes =
        seen.slow().orElseThrow().notes().values().stream().map(ClusterNotes::new).toList();
    return ClusterHold.found(notes, cluster.getMetadata().getUid())
        .or(() -> watchers.owners().claim(id()).map(ClusterHold.Claim::mark));
  }

  private WriteGrant grant(ClusterFacts facts) {
    return work.permit(false, facts.restingOn(Set.of()), () -> true)
        .grant(new RemoveMark(OwnerMarkMessages.name(cluster)), work.clock()::instant);
  }

  private boolean isOurs(OwnerMark mark) {
    return mark.uid().equals(cluster.getMetadata().getUid());
  }

  private boolean leave(String why) {
    Optional<OwnerMark> mark = watchers.owners().claim(id()).map(ClusterHold.Claim::mark);
    mark.ifPresent(known -> leave(why, known));
    return true;
  }

  private boolean leave(String why, OwnerMark mark) {
    work.tell(false, "OwnerMarkLeft", OwnerMarkMessages.left(mark, why));
    return true;
  }

  private boolean waits(String message) {
    Conditions conditions = new Conditions();
    Verdict.reconciling(conditions, ConditionReason.DELETING, message);
    work.report(cluster.reported(), conditions);
    return false;
  }

  private ResourceID id() {
    return ResourceID.fromResource(cluster);
  }
}
