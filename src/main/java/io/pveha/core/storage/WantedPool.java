package io.pveha.core.storage;

import io.pveha.core.cluster.NodeName;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a pool should be, the same on each of its nodes.
 *
 * @param raidLevel in Proxmox's words
 * @param compression in Proxmox's words
 * @param draid {@code data=N,spares=N} for draid levels
 */
public record WantedPool(
    String name,
    String raidLevel,
    List<Node> nodes,
    int ashift,
    String compression,
    Optional<String> draid,
    Storage storage) {

  public WantedPool {
    nodes = List.copyOf(nodes);
  }

  /** Whether it is the pool that Proxmox's installer makes and boots from. */
  boolean isBootPool() {
    return name.equals("rpool");
  }

  /** Whether a node has a place in it. */
  public boolean lists(NodeName node) {
    return nodes.stream().anyMatch(wanted -> wanted.name().equals(node));
  }

  /**
   * A node that gets the pool.
   *
   * @param disks paths; empty when the selector says which
   */
  public record Node(NodeName name, List<String> disks, Optional<Selector> selector) {

    public Node {
      disks = List.copyOf(disks);
    }

    public int diskCount() {
      return selector.map(Selector::count).orElse(disks.size());
    }
  }

  /** Which unused disks to take; what is empty fits all. */
  public record Selector(
      int count,
      Optional<String> type,
      OptionalLong minBytes,
      OptionalLong maxBytes,
      Optional<String> model,
      Optional<String> serialPrefix) {

    boolean fits(PoolFacts.Disk disk) {
      return disk.usedAs().isEmpty()
          && type.filter(wanted -> !wanted.equalsIgnoreCase(disk.type())).isEmpty()
          && disk.sizeBytes() >= minBytes.orElse(0)
          && disk.sizeBytes() <= maxBytes.orElse(Long.MAX_VALUE)
          && model.filter(wanted -> !wanted.equalsIgnoreCase(disk.model())).isEmpty()
          && serialPrefix.filter(prefix -> !disk.serial().startsWith(prefix)).isEmpty();
    }
  }

  /**
   * The one storage entry that all nodes share.
   *
   * @param exclusive whether nodes that are not listed here lose it
   */
  public record Storage(
      String id,
      List<String> content,
      boolean sparse,
      Optional<String> blockSize,
      Optional<String> mountPoint,
      boolean exclusive) {

    public Storage {
      content = List.copyOf(content);
    }
  }
}
