package io.pveha.operator.pool;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.api.v1alpha1.ZfsPoolSpec;
import io.pveha.core.plan.Finding;
import io.pveha.core.storage.PoolClaim;
import io.pveha.operator.host.Claimants;
import io.pveha.operator.host.Peers;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which ZfsPool owns what several of them claim. */
final class PoolClaims {

  private PoolClaims() {}

  /**
   * Another one owns what this one claims. Only those of the same ProxmoxCluster count: what
   * belongs to another one for the same Proxmox cluster writes nothing, since that cluster is
   * taken.
   */
  static Optional<Finding> taken(ZfsPool pool, Context<ZfsPool> context) {
    return claim(pool)
        .taken(
            Peers.of(pool, pool.getSpec().clusterRef(), context.getPrimaryCache()).stream()
                .map(PoolClaims::claim)
                .toList());
  }

  private static PoolClaim claim(ZfsPool pool) {
    ZfsPoolSpec spec = pool.getSpec();
    return new PoolClaim(
        Claimants.of(pool),
        spec.poolName(),
        spec.storageId(),
        spec.nodes().stream().map(ZfsPoolSpec.Node::name).collect(Collectors.toSet()));
  }
}
