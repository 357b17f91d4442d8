package io.pveha.operator.resource;

import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.proxmox.StorageCalls.Pool;
import io.pveha.proxmox.StorageCalls.Storage;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a storage can be used on a node, as the node tells. One that the node does not list may
 * be one that we may not see there: it fails only where its entry leaves the node out. Neither is
 * one answer enough that it is not active, nor one that does not tell.
 *
 * @param trouble why it does not work, in words; empty unless that is sure
 */
record StorageUse(Belief works, String trouble) {

  static final StorageUse WORKS = new StorageUse(Belief.YES, "");
  static final StorageUse UNKNOWN = new StorageUse(Belief.UNKNOWN, "");

  private static final Set<String> POOL_WORKS = Set.of("ONLINE", "DEGRADED");

  static StorageUse of(Storage storage, NodeName name, SlowFacts.Node node) {
    Optional<Pool> pool =
        node.pools().stream().filter(p -> p.name().equals(poolOf(storage))).findFirst();
    Optional<Pool> broken = pool.filter(p -> !works(p));
    if (broken.isPresent()) {
      return fails("its pool %s is %s".formatted(broken.get().name(), broken.get().health()));
    }
    return node.storages().stream()
        .filter(status -> status.storage().equals(storage.storage()))
        .findFirst()
        .map(
            status -> {
              if (status.isActive()) {
                return WORKS;
              }
              return node.inactive().sure().contains(storage.storage())
                  ? fails("its storage %s is not active".formatted(storage.storage()))
                  : UNKNOWN;
            })
        .orElseGet(
            () ->
                storage.nodeList().isEmpty() || storage.nodeList().contains(name.value())
                    ? UNKNOWN
                    : fails("its storage %s is not for this node".formatted(storage.storage())));
  }

  static boolean works(Pool pool) {
    return POOL_WORKS.contains(pool.health());
  }

  private static StorageUse fails(String trouble) {
    return new StorageUse(Belief.NO, trouble);
  }

  /** A storage may be a dataset of a pool. */
  private static String poolOf(Storage storage) {
    return storage.pool() == null ? "" : storage.pool().split("/")[0];
  }
}
