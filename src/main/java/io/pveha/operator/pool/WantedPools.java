package io.pveha.operator.pool;

import io.pveha.api.v1alpha1.DiskType;
import io.pveha.api.v1alpha1.StorageContent;
import io.pveha.api.v1alpha1.ZfsPoolSpec;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.storage.WantedPool;
import java.util.Optional;
import java.util.OptionalLong;

/** The spec of a ZfsPool as its planner takes it. */
final class WantedPools {

  private static final long GIB = 1L << 30;

  private WantedPools() {}

  static WantedPool of(ZfsPoolSpec spec) {
    ZfsPoolSpec.Storage storage = spec.storageOrDefault();
    return new WantedPool(
        spec.poolName(),
        spec.raidLevel().word(),
        spec.nodes().stream().map(WantedPools::node).toList(),
        spec.ashift(),
        spec.compression().word(),
        Optional.ofNullable(spec.draid())
            .map(draid -> "data=%d,spares=%d".formatted(draid.data(), draid.spares())),
        new WantedPool.Storage(
            spec.storageId(),
            storage.content().stream().map(StorageContent::word).toList(),
            storage.sparse(),
            Optional.ofNullable(storage.blockSize()),
            Optional.ofNullable(storage.mountPoint()),
            storage.exclusiveNodes()));
  }

  private static WantedPool.Node node(ZfsPoolSpec.Node node) {
    return new WantedPool.Node(
        new NodeName(node.name()),
        node.disks(),
        Optional.ofNullable(node.diskSelector()).map(WantedPools::selector));
  }

  private static WantedPool.Selector selector(ZfsPoolSpec.DiskSelector selector) {
    return new WantedPool.Selector(
        selector.count(),
        Optional.ofNullable(selector.type()).map(DiskType::word),
        bytes(selector.minSizeGiB()),
        bytes(selector.maxSizeGiB()),
        Optional.ofNullable(selector.model()),
        Optional.ofNullable(selector.serialPrefix()));
  }

  private static OptionalLong bytes(Long gib) {
    return gib == null ? OptionalLong.empty() : OptionalLong.of(gib * GIB);
  }
}
