package io.pveha.operator.polling;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.safety.FailureLog;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.proxmox.ClusterCalls;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.ReplicationCalls;
import io.pveha.proxmox.StorageCalls;
import io.pveha.proxmox.StorageCalls.Pool;
import io.pveha.proxmox.StorageCalls.PoolDetail;
import io.pveha.proxmox.StorageCalls.StorageStatus;
import io.pveha.proxmox.StorageCalls.Volume;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Asks nodes of a formed cluster for what changes rarely. */
final class SlowLook {

  private final ClusterAccess access;

  SlowLook(ClusterAccess access) {
    this.access = access;
  }

  /** What one node says of itself. */
  SlowFacts.Node at(NodeName name) {
    ProxmoxApi api = access.node(name);
    StorageCalls storage = new StorageCalls(api);
    List<Pool> pools = storage.pools(name).get();
    Map<String, PoolDetail> details = new TreeMap<>();
    pools.forEach(pool -> details.put(pool.name(), storage.pool(name, pool.name()).get()));
    return new SlowFacts.Node(
        new ClusterCalls(api).version().get().understood().version(),
        storage.disks(name).get(),
        pools,
        details,
        storage.storageStatus(name).get(),
        new ReplicationCalls(api).status(name).get(),
        FailureLog.NONE);
  }

  /**
   * Disks of guests on the storages of a node, those of guests that run elsewhere too: their
   * replicas. A storage that can't be listed is missing.
   *
   * @param withShared whether this node also tells of storages that all nodes see
   */
  Map<String, List<Volume>> disks(NodeName name, List<StorageStatus> storages, boolean withShared) {
    StorageCalls calls = new StorageCalls(access.node(name));
    Map<String, List<Volume>> disks = new TreeMap<>();
    for (StorageStatus storage : storages) {
      if (storage.isForGuests() && storage.isActive() && (withShared || !storage.shared())) {
        try {
          disks.put(
              storage.storage(),
              calls.content(name, storage.storage()).get().stream()
                  .filter(volume -> volume.vmid() != null)
                  .toList());
        } catch (ProxmoxFailure unknown) {
          continue;
        }
      }
    }
    return disks;
  }

  /** The notes of the datacenter as one member has them; empty when it does not show them. */
  Optional<String> notes(NodeName member) {
    try {
      return new ClusterCalls(access.node(member)).notes().get();
    } catch (ProxmoxFailure unknown) {
      return Optional.empty();
    }
  }
}
