package io.pveha.core.storage;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Finding;
import io.pveha.core.safety.Claimant;
import io.pveha.core.safety.Ownership;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * An object that says how the pools of one name on some nodes, and their storage entry, should be.
 * A pool of one node has one owner, and so has a storage entry, which all nodes share. Pools of one
 * name on different nodes are different pools: they may have different owners when their storages
 * differ, too.
 *
 * @param pool name of the pools
 * @param storage id of the storage entry
 * @param nodes where the pools are
 */
public record PoolClaim(Claimant claimant, String pool, String storage, Set<String> nodes) {

  public PoolClaim {
    nodes = Collections.unmodifiableSet(new TreeSet<>(nodes));
  }

  /** Why another one of these owns what this one claims; empty when this one owns it. */
  public Optional<Finding> taken(Collection<PoolClaim> claims) {
    return owner(claims, other -> other.pool.equals(pool) && !shared(other).isEmpty())
        .map(
            owner ->
                Finding.blocks(
                    ConditionReason.POOL_TAKEN,
                    ("spec.poolName: ZfsPool %s manages pool %s on %s, so that this one writes"
                            + " nothing. Take the node out of one of the two, or delete one.")
                        .formatted(owner.claimant.id(), pool, String.join(", ", shared(owner)))))
        .or(
            () ->
                owner(claims, other -> other.storage.equals(storage))
                    .map(
                        owner ->
                            Finding.blocks(
                                ConditionReason.STORAGE_TAKEN,
                                ("spec.storage.id: ZfsPool %s manages storage %s, so that this one"
                                        + " writes nothing. Add the nodes to that one, write another"
                                        + " storage.id here, or delete one of the two.")
                                    .formatted(owner.claimant.id(), storage))));
  }

  private Optional<PoolClaim> owner(Collection<PoolClaim> claims, Predicate<PoolClaim> rivals) {
    List<PoolClaim> same =
        claims.stream().filter(other -> !other.claimant.is(claimant)).filter(rivals).toList();
    return Ownership.otherOwner(claimant, same.stream().map(PoolClaim::claimant).toList())
        .flatMap(owner -> same.stream().filter(c -> c.claimant.is(owner)).findFirst());
  }

  private SortedSet<String> shared(PoolClaim other) {
    SortedSet<String> shared = new TreeSet<>(nodes);
    shared.retainAll(other.nodes);
    return shared;
  }
}
