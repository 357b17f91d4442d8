package io.pveha.operator.cluster;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.core.safety.ClusterClaim;
import io.pveha.operator.owner.Standing;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.polling.Observation;
import io.pveha.operator.polling.Watchers;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds how a ProxmoxCluster stands to others that speak of the same Proxmox cluster. */
final class ClusterOwnership {

  private final Watchers watchers;

  ClusterOwnership(Watchers watchers) {
    this.watchers = watchers;
  }

  /**
   * Looks for an older one.
   *
   * @param all every ProxmoxCluster that the operator sees, in any namespace
   */
  Standing of(ProxmoxCluster cluster, Stream<ProxmoxCluster> all) {
    List<ClusterClaim> claims = all.map(this::claim).toList();
    Optional<ClusterFacts> facts = facts(cluster);
    ClusterClaim mine = Identities.claim(cluster, facts);
    Optional<ClusterClaim> owner = mine.otherOwner(claims);
    if (owner.isPresent()) {
      return Standing.barred(
          ConditionReason.CLUSTER_TAKEN,
          "ProxmoxCluster %s is older and owns the same Proxmox cluster; delete one of the two."
              .formatted(owner.get().claimant().id()));
    }
    if (facts.isPresent() && mine.identity().isKnown()) {
      return Standing.OWNS;
    }
    String waiting =
        "ProxmoxCluster %s is not formed and looked at yet."
            .formatted(cluster.getMetadata().getName());
    return cluster.reported().wasFormed() ? Standing.unsettled(waiting) : Standing.forms(waiting);
  }

  private ClusterClaim claim(ProxmoxCluster cluster) {
    return Identities.claim(cluster, facts(cluster));
  }

  private Optional<ClusterFacts> facts(ProxmoxCluster cluster) {
    return watchers
        .find(ResourceID.fromResource(cluster))
        .map(ClusterWatcher::observation)
        .flatMap(Observation::facts);
  }
}
