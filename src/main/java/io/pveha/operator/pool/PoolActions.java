package io.pveha.operator.pool;

import io.pveha.core.cluster.Upid;
import io.pveha.core.safety.WriteGrant;
import io.pveha.core.storage.PoolStep;
import io.pveha.core.storage.PoolStep.CreatePool;
import io.pveha.core.storage.PoolStep.CreateStorage;
import io.pveha.core.storage.PoolStep.DestroyPool;
import io.pveha.core.storage.PoolStep.RemoveStorage;
import io.pveha.core.storage.PoolStep.UpdateStorage;
import io.pveha.core.storage.WantedPool;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.steps.StepActions;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.StorageCalls;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Asks Proxmox for the steps of a pool. */
final class PoolActions implements StepActions<PoolStep>, PoolStep.Visitor<Optional<Upid>> {

  private final ClusterWatcher watcher;
  private final WriteGrant grant;

  PoolActions(ClusterWatcher watcher, WriteGrant grant) {
    this.watcher = watcher;
    this.grant = grant;
  }

  @Override
  public Optional<Upid> start(PoolStep step) {
    return step.accept(this);
  }

  @Override
  public Optional<Upid> createPool(CreatePool step) {
    return Optional.of(
        new StorageCalls(watcher.access().node(step.on(), grant))
            .createPool(
                step.on(),
                step.pool().name(),
                step.pool().raidLevel(),
                step.disks(),
                step.pool().ashift(),
                step.pool().compression(),
                step.pool().draid()));
  }

  @Override
  public Optional<Upid> createStorage(CreateStorage step) {
    WantedPool.Storage storage = step.storage();
    try {
      new StorageCalls(watcher.access().node(step.on(), grant))
          .createZfsStorage(
              storage.id(),
              step.pool(),
              storage.content(),
              step.nodes(),
              storage.sparse(),
              storage.blockSize(),
              storage.mountPoint());
    } catch (ProxmoxFailure.Refused refused) {
      throw refused.says("already defined") ? unlisted(storage.id()) : refused;
    }
    return Optional.empty();
  }

  /** It will not pass by asking again: what lists show is wrong. */
  private static ProxmoxFailure unlisted(String id) {
    return new ProxmoxFailure.BadRequest(
        ("storage %s is already defined, though no list shows it; check /etc/pve/storage.cfg "
                + "and at what the API answers")
            .formatted(id),
        Map.of());
  }

  @Override
  public Optional<Upid> updateStorage(UpdateStorage step) {
    // The list is written as a whole: one that was read before might drop what others added since.
    StorageCalls cluster = cluster();
    StorageCalls.Storage entry = entry(cluster, step.id());
    SortedSet<String> before = new TreeSet<>(entry.nodeList());
    SortedSet<String> nodes = new TreeSet<>(before.isEmpty() ? step.nodes() : before);
    nodes.addAll(step.added());
    nodes.removeAll(step.removed());
    boolean isForAll = before.isEmpty() && step.removed().isEmpty();
    if (!isForAll && !nodes.isEmpty() && !nodes.equals(before)) {
      cluster.setStorageNodes(step.id(), nodes, Optional.ofNullable(entry.digest()));
    }
    return Optional.empty();
  }

  @Override
  public Optional<Upid> removeStorage(RemoveStorage step) {
    // Proxmox can't be told to remove only what has not changed meanwhile.
    StorageCalls cluster = cluster();
    if (!new TreeSet<>(entry(cluster, step.id()).nodeList()).equals(step.nodes())) {
      throw new ProxmoxFailure.Refused(
          "storage %s does not list the same nodes any more".formatted(step.id()));
    }
    cluster.removeStorage(step.id());
    return Optional.empty();
  }

  private static StorageCalls.Storage entry(StorageCalls cluster, String id) {
    return cluster.storages().get().stream()
        .filter(storage -> storage.storage().equals(id))
        .findFirst()
        .orElseThrow(
            () -> new ProxmoxFailure.Refused("storage %s is not listed any more".formatted(id)));
  }

  @Override
  public Optional<Upid> destroyPool(DestroyPool step) {
    return Optional.of(
        new StorageCalls(watcher.access().node(step.on(), grant))
            .destroyPool(step.on(), step.pool()));
  }

  private StorageCalls cluster() {
    return new StorageCalls(watcher.quorateMembers(grant));
  }
}
