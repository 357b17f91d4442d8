package io.pveha.operator.pool;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.safety.Privileges;
import io.pveha.core.storage.PoolFacts;
import io.pveha.core.storage.PoolUse;
import io.pveha.core.storage.StorageEntry;
import io.pveha.core.storage.WantedPool;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.proxmox.AccessCalls;
import io.pveha.proxmox.GuestCalls;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.StorageCalls;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Asks what lies on pools right before anything of them is to go; what was polled is too old. */
final class PoolInspection {

  private final WantedPool wanted;
  private final ClusterWatcher watcher;

  PoolInspection(WantedPool wanted, ClusterWatcher watcher) {
    this.wanted = wanted;
    this.watcher = watcher;
  }

  /**
   * What each node's pool is used for; a node that can't be asked is missing.
   *
   * @param whole whether of all that lies on the pool, not of its storage alone
   * @throws ProxmoxFailure when the cluster can't be asked
   */
  Map<NodeName, PoolUse> uses(PoolFacts facts, boolean whole) {
    ProxmoxApi cluster = watcher.quorateMembers();
    AccessCalls access = new AccessCalls(cluster);
    Privileges granted = new Privileges(access.permissions(), Optional.empty());
    Privileges privileges =
        granted.has("Sys.Audit", "/access")
            ? new Privileges(granted.held(), Optional.of(access.entries()))
            : granted;
    List<StorageEntry> entries =
        new StorageCalls(cluster).storages().stream().map(PoolSlice::entry).toList();
    Set<Integer> guests =
        new GuestCalls(cluster)
            .guests().stream().map(guest -> guest.id().vmid()).collect(Collectors.toSet());
    Map<NodeName, PoolUse> uses = new TreeMap<>();
    for (WantedPool.Node node : wanted.nodes()) {
      if (!facts.nodes().containsKey(node.name())) {
        continue;
      }
      try {
        uses.put(node.name(), at(node.name(), whole, privileges, entries, guests));
      } catch (ProxmoxFailure.Unreachable silent) {
        uses.remove(node.name());
      }
    }
    return uses;
  }

  private PoolUse at(
      NodeName node,
      boolean whole,
      Privileges privileges,
      List<StorageEntry> entries,
      Set<Integer> guests) {
    StorageCalls calls = new StorageCalls(watcher.access().node(node));
    Optional<StorageCalls.Pool> pool =
        calls.pools(node).stream().filter(p -> p.name().equals(wanted.name())).findFirst();
    if (pool.isEmpty()) {
      return PoolUse.NONE;
    }
    Map<String, List<PoolUse.Volume>> contents = new TreeMap<>();
    entries.stream()
        .filter(entry -> entry.isFor(node) && entry.liesOn(wanted.name(), entries))
        .forEach(
            entry -> content(calls, node, entry.id()).ifPresent(c -> contents.put(entry.id(), c)));
    PoolUse.Look look =
        new PoolUse.Look(
            wanted.name(),
            wanted.storage().id(),
            node,
            entries,
            privileges,
            contents,
            OptionalLong.of(pool.get().alloc()),
            guests);
    return whole ? PoolUse.ofPool(look) : PoolUse.ofStorage(look);
  }

  private static Optional<List<PoolUse.Volume>> content(
      StorageCalls calls, NodeName node, String storage) {
    try {
      return Optional.of(
          calls.content(node, storage).stream()
              .map(
                  volume ->
                      new PoolUse.Volume(
                          volume.volid(),
                          Optional.ofNullable(volume.vmid()),
                          isDisk(volume.content())))
              .toList());
    } catch (ProxmoxFailure.Unreachable silent) {
      throw silent;
    } catch (ProxmoxFailure unknown) {
      return Optional.empty();
    }
  }

  /** What is of no known kind may be a disk. */
  private static boolean isDisk(String content) {
    return content == null || content.equals("images") || content.equals("rootdir");
  }
}
