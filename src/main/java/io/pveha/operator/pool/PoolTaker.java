package io.pveha.operator.pool;

import io.pveha.core.cluster.Upid;
import io.pveha.core.storage.PoolStep;
import io.pveha.core.storage.PoolStep.CreatePool;
import io.pveha.core.storage.PoolStep.CreateStorage;
import io.pveha.core.storage.PoolStep.DestroyPool;
import io.pveha.core.storage.PoolStep.RemoveStorage;
import io.pveha.core.storage.PoolStep.UpdateStorage;
import io.pveha.core.storage.WantedPool;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.steps.StepTaker;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.StorageCalls;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Asks Proxmox for the steps of a pool. */
final class PoolTaker implements StepTaker<PoolStep>, PoolStep.Visitor<Optional<Upid>> {

  private final ClusterWatcher watcher;

  PoolTaker(ClusterWatcher watcher) {
    this.watcher = watcher;
  }

  @Override
  public Optional<Upid> take(PoolStep step) {
    return step.accept(this);
  }

  @Override
  public Optional<Upid> createPool(CreatePool step) {
    return Optional.of(
        new StorageCalls(watcher.access().node(step.on()))
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
    new StorageCalls(watcher.access().node(step.on()))
        .createZfsStorage(
            storage.id(),
            step.pool(),
            storage.content(),
            step.nodes(),
            storage.sparse(),
            storage.blockSize(),
            storage.mountPoint());
    return Optional.empty();
  }

  @Override
  public Optional<Upid> updateStorage(UpdateStorage step) {
    // The list is written as a whole: one that was read before might drop what others added since.
    StorageCalls cluster = cluster();
    StorageCalls.Storage entry =
        cluster.storages().stream()
            .filter(storage -> storage.storage().equals(step.id()))
            .findFirst()
            .orElseThrow(
                () ->
                    new ProxmoxFailure.Refused(
                        "storage %s is not listed any more".formatted(step.id())));
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
    cluster().removeStorage(step.id());
    return Optional.empty();
  }

  @Override
  public Optional<Upid> destroyPool(DestroyPool step) {
    return Optional.of(
        new StorageCalls(watcher.access().node(step.on())).destroyPool(step.on(), step.pool()));
  }

  private StorageCalls cluster() {
    return new StorageCalls(watcher.quorateMembers());
  }
}
