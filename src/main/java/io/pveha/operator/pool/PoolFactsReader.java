package io.pveha.operator.pool;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.storage.PoolFacts;
import io.pveha.core.storage.StorageEntry;
import io.pveha.core.storage.WantedPool;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.proxmox.Rows;
import io.pveha.proxmox.StorageCalls.Disk;
import io.pveha.proxmox.StorageCalls.PoolDetail;
import io.pveha.proxmox.StorageCalls.Storage;
import io.pveha.proxmox.StorageCalls.Vdev;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What of a cluster's facts concerns one pool. */
final class PoolFactsReader {

  /** Parts of a pool that hold no data of their own. */
  private static final Set<String> AUXILIARY =
      Set.of("logs", "cache", "spares", "special", "dedup");

  private PoolFactsReader() {}

  static PoolFacts of(WantedPool wanted, ClusterFacts facts) {
    Map<NodeName, PoolFacts.Node> nodes = new HashMap<>();
    wanted
        .nodes()
        .forEach(
            node -> {
              boolean online = facts.fast().online(node.name()).orElse(false);
              SlowFacts.Node found = facts.slow().nodes().get(node.name());
              if (online && found != null) {
                nodes.put(node.name(), node(wanted, found));
              }
            });
    return new PoolFacts(
        nodes,
        facts.members(),
        facts.slow().storage(wanted.storage().id()).map(PoolFactsReader::entry),
        elsewhere(wanted, facts));
  }

  private static Set<NodeName> elsewhere(WantedPool wanted, ClusterFacts facts) {
    Set<NodeName> elsewhere = new TreeSet<>(facts.names());
    wanted.nodes().forEach(node -> elsewhere.remove(node.name()));
    elsewhere.removeIf(
        node ->
            Optional.ofNullable(facts.slow().nodes().get(node))
                .filter(
                    found -> found.pools().stream().noneMatch(p -> p.name().equals(wanted.name())))
                .isPresent());
    return elsewhere;
  }

  static StorageEntry entry(Storage storage) {
    return new StorageEntry(
        storage.storage(),
        text(storage.type()),
        Optional.ofNullable(storage.pool()),
        Optional.ofNullable(storage.path()),
        Optional.ofNullable(storage.mountpoint()),
        new TreeSet<>(storage.nodeList()),
        storage.disable());
  }

  private static PoolFacts.Node node(WantedPool wanted, SlowFacts.Node found) {
    return new PoolFacts.Node(
        found.disks().stream().map(PoolFactsReader::disk).toList(),
        Rows.problem(found.disks()),
        found.pools().stream()
            .filter(pool -> pool.name().equals(wanted.name()))
            .findFirst()
            .map(
                pool ->
                    new PoolFacts.Pool(
                        pool.health() == null ? "UNKNOWN" : pool.health(),
                        layout(found.details().get(pool.name())),
                        disks(found.details().get(pool.name())))),
        found.storages().stream()
            .filter(storage -> storage.storage().equals(wanted.storage().id()))
            .findFirst()
            .flatMap(storage -> Optional.ofNullable(storage.active())));
  }

  private static PoolFacts.Disk disk(Disk disk) {
    return new PoolFacts.Disk(
        disk.devpath(),
        Optional.ofNullable(disk.byIdLink()),
        disk.size(),
        text(disk.type()),
        text(disk.model()),
        text(disk.serial()),
        Optional.ofNullable(disk.wwn()),
        Optional.ofNullable(disk.used()).filter(used -> !used.isBlank()));
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }

  private static List<String> layout(PoolDetail detail) {
    return parts(detail).stream().map(Vdev::name).toList();
  }

  private static List<String> disks(PoolDetail detail) {
    return parts(detail).stream().flatMap(PoolFactsReader::leaves).map(Vdev::name).toList();
  }

  private static Stream<Vdev> leaves(Vdev part) {
    return part.children().isEmpty()
        ? Stream.of(part).filter(leaf -> leaf.name() != null)
        : part.children().stream().flatMap(PoolFactsReader::leaves);
  }

  /** Those at the top that hold data. */
  private static List<Vdev> parts(PoolDetail detail) {
    if (detail == null) {
      return List.of();
    }
    return detail.children().stream()
        .filter(part -> part.name() != null && part.name().equals(detail.name()))
        .findFirst()
        .map(Vdev::children)
        .orElse(detail.children())
        .stream()
        .filter(part -> part.name() != null && !AUXILIARY.contains(part.name()))
        .toList();
  }
}
