package io.pveha.core.cluster;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A storage entry of the cluster.
 *
 * @param type in Proxmox's words, as in {@code zfspool}
 * @param pool the ZFS pool behind it; empty for other types
 * @param nodes nodes that it is limited to; empty when it is not limited
 */
public record StorageEntry(
    StorageId id,
    String type,
    Optional<PoolName> pool,
    SortedSet<NodeName> nodes,
    boolean disabled) {

  public StorageEntry {
    nodes = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
  }

  /** Whether the entry is meant for this node. */
  public boolean isFor(NodeName node) {
    return !disabled && (nodes.isEmpty() || nodes.contains(node));
  }
}
