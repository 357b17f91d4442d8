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
import io.pveha.proxmox.StorageCalls;
import java.util.Optional;

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
    cluster().setStorageNodes(step.id(), step.nodes());
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
