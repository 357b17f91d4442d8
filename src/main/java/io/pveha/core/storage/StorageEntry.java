package io.pveha.core.storage;

import io.pveha.core.cluster.NodeName;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A storage entry of the cluster.
 *
 * @param pool for ZFS the dataset that it lies on: a pool, or a dataset of one
 * @param path for directories where it is
 * @param mountPoint for ZFS where the dataset is mounted, if the entry says so
 * @param nodes nodes that it is limited to; empty when it is not limited
 * @param disabled whether somebody switched it off, on every node
 */
public record StorageEntry(
    String id,
    String type,
    Optional<String> pool,
    Optional<String> path,
    Optional<String> mountPoint,
    SortedSet<String> nodes,
    boolean disabled) {

  /** A storage on a ZFS pool or dataset of this node. */
  public static final String ZFS = "zfspool";

  public StorageEntry {
    nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
  }

  /** Whether it is for a node. */
  public boolean isFor(NodeName node) {
    return nodes.isEmpty() || nodes.contains(node.value());
  }

  /** Whether it is a ZFS storage on this pool or on a dataset of it. */
  public boolean isZfsOn(String poolName) {
    return type.equals(ZFS) && pool.filter(dataset -> isAtOrBelow(dataset, poolName)).isPresent();
  }

  /**
   * Whether what it holds lies on this pool: as datasets, or as files below where the pool or one
   * of its datasets is mounted.
   *
   * @param all entries, which tell where the pool is mounted beside {@code /NAME}
   */
  public boolean liesOn(String poolName, Collection<StorageEntry> all) {
    if (isZfsOn(poolName)) {
      return true;
    }
    return path.filter(
            directory ->
                isAtOrBelow(directory, "/" + poolName)
                    || all.stream()
                        .filter(entry -> entry.isZfsOn(poolName))
                        .flatMap(entry -> entry.mountPoint().stream())
                        .anyMatch(mounted -> isAtOrBelow(directory, mounted)))
        .isPresent();
  }

  /** What it is, as in {@code zfspool on tank/vm}. */
  public String words() {
    return type + pool.or(() -> path).map(where -> " on " + where).orElse("");
  }

  private static boolean isAtOrBelow(String where, String top) {
    return where.equals(top) || where.startsWith(top.endsWith("/") ? top : top + "/");
  }
}
