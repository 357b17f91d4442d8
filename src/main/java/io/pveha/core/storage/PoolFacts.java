package io.pveha.core.storage;

import io.pveha.core.cluster.NodeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What Proxmox says of the pools of one name and of the storage entry.
 *
 * @param nodes what is known of each member; a node that could not be asked is missing
 * @param members all members and whether they are online
 * @param storage the storage entry of the wanted id
 * @param elsewhere members without a place in the spec that have a pool of that name, or can't be
 *     asked
 */
public record PoolFacts(
    Map<NodeName, Node> nodes,
    Map<NodeName, Boolean> members,
    Optional<StorageEntry> storage,
    Set<NodeName> elsewhere) {

  public PoolFacts {
    nodes = Map.copyOf(nodes);
    members = Map.copyOf(members);
    elsewhere = Set.copyOf(elsewhere);
  }

  /**
   * One node.
   *
   * @param unreadDisks why the list of disks is not whole; empty when it is
   * @param storageActive whether the storage works there; empty when it is not told
   */
  public record Node(
      List<Disk> disks,
      Optional<String> unreadDisks,
      Optional<Pool> pool,
      Optional<Boolean> storageActive) {

    public Node {
      disks = List.copyOf(disks);
    }

    /** One whose disks could all be read. */
    public Node(List<Disk> disks, Optional<Pool> pool, Optional<Boolean> storageActive) {
      this(disks, Optional.empty(), pool, storageActive);
    }
  }

  /**
   * A disk.
   *
   * @param byId other path of the same disk; empty when unknown
   * @param wwn World Wide Name as Linux writes it; empty when the disk has none
   * @param usedAs what Proxmox says it is used for; empty when it is unused
   */
  public record Disk(
      String path,
      Optional<String> byId,
      long sizeBytes,
      String type,
      String model,
      String serial,
      Optional<String> wwn,
      Optional<String> usedAs) {}

  /**
   * A pool of the wanted name.
   *
   * @param health in ZFS's words: ONLINE, DEGRADED, FAULTED, SUSPENDED, ...
   * @param layout names of its top-level parts as ZFS shows them ({@code mirror-0}, {@code sda});
   *     empty when unknown
   * @param disks names of its disks as ZFS shows them; empty when unknown
   */
  public record Pool(String health, List<String> layout, List<String> disks) {

    public Pool {
      layout = List.copyOf(layout);
      disks = List.copyOf(disks);
    }

    /** One of whose disks nothing is known. */
    public Pool(String health, List<String> layout) {
      this(health, layout, List.of());
    }

    boolean exists() {
      return !health.isEmpty();
    }
  }
}
