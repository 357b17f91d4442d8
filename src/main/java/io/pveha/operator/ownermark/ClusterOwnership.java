package io.pveha.operator.ownermark;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.core.safety.ClusterClaim;
import io.pveha.operator.owner.OwnershipState;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.polling.Observation;
import io.pveha.operator.polling.Watchers;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Finds how a ProxmoxCluster stands to others that speak of the same Proxmox cluster: to those that
 * this operator sees by their age, to all others by the mark in the datacenter notes.
 */
public final class ClusterOwnership {

  private final Watchers watchers;
  private final Clock clock;
  private final BooleanSupplier leads;

  public ClusterOwnership(Watchers watchers, Clock clock, BooleanSupplier leads) {
    this.watchers = watchers;
    this.clock = clock;
    this.leads = leads;
  }

  /**
   * Looks for another owner, and marks this one where there is none.
   *
   * @param all every ProxmoxCluster that the operator sees, in any namespace
   */
  public OwnershipFinding of(ProxmoxCluster cluster, List<ProxmoxCluster> all) {
    Optional<ClusterWatcher> watcher = watchers.find(ResourceID.fromResource(cluster));
    Optional<ClusterFacts> facts = facts(watcher);
    ClusterClaim mine = Identities.claim(cluster, facts);
    Optional<ClusterClaim> owner = mine.otherOwner(all.stream().map(this::claim).toList());
    if (owner.isPresent()) {
      return OwnershipFinding.of(
          OwnershipState.barred(
              ConditionReason.CLUSTER_TAKEN,
              "ProxmoxCluster %s is older and owns the same Proxmox cluster; delete one of the two."
                  .formatted(owner.get().claimant().id())));
    }
    if (facts.isPresent() && mine.identity().isKnown()) {
      return marking(cluster, mine, watcher.get(), facts.get(), all).standing();
    }
    String waiting =
        "Waiting for ProxmoxCluster %s to become ready.".formatted(cluster.getMetadata().getName());
    return OwnershipFinding.of(
        cluster.reported().wasFormed()
            ? OwnershipState.unsettled(waiting)
            : OwnershipState.forms(waiting));
  }

  /**
   * Whether nobody else has come to light since {@link #of} found this one to own the cluster, or
   * to be free to form it. Writes nothing.
   */
  public boolean isStillFree(ProxmoxCluster cluster, List<ProxmoxCluster> all) {
    Optional<ClusterWatcher> watcher = watchers.find(ResourceID.fromResource(cluster));
    Optional<ClusterFacts> facts = facts(watcher);
    ClusterClaim mine = Identities.claim(cluster, facts);
    return mine.otherOwner(all.stream().map(this::claim).toList()).isEmpty()
        && (facts.isEmpty()
            || !mine.identity().isKnown()
            || marking(cluster, mine, watcher.get(), facts.get(), all).isHeld());
  }

  private OwnerMarking marking(
      ProxmoxCluster cluster,
      ClusterClaim mine,
      ClusterWatcher watcher,
      ClusterFacts facts,
      List<ProxmoxCluster> all) {
    Set<String> yielding =
        all.stream()
            .filter(other -> !other.getMetadata().getUid().equals(cluster.getMetadata().getUid()))
            .filter(other -> claim(other).identity().mayBe(mine.identity()))
            .map(other -> other.getMetadata().getUid())
            .collect(Collectors.toSet());
    return new OwnerMarking(cluster, watcher, facts, yielding, watchers.owners(), clock, leads);
  }

  private ClusterClaim claim(ProxmoxCluster cluster) {
    return Identities.claim(cluster, facts(watchers.find(ResourceID.fromResource(cluster))));
  }

  private static Optional<ClusterFacts> facts(Optional<ClusterWatcher> watcher) {
    return watcher.map(ClusterWatcher::observation).flatMap(Observation::facts);
  }
}
