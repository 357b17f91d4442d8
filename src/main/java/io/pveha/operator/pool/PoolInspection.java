package io.pveha.operator.pool;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.safety.HeldPrivileges;
import io.pveha.core.safety.Listing;
import io.pveha.core.storage.PoolUse;
import io.pveha.core.storage.StorageEntry;
import io.pveha.core.storage.WantedPool;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.polling.TokenPrivileges;
import io.pveha.proxmox.GuestCalls;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.Rows;
import io.pveha.proxmox.StorageCalls;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks what lies on pools right before anything of them is to go; what was polled is too old. */
final class PoolInspection {

  private static final String AUDIT = "Datastore.Audit";

  private final WantedPool wanted;
  private final ClusterWatcher watcher;

  PoolInspection(WantedPool wanted, ClusterWatcher watcher) {
    this.wanted = wanted;
    this.watcher = watcher;
  }

  /** What lies on the storage at nodes that are to be taken off it, as far as they can be asked. */
  Map<NodeName, PoolUse> ofLeaving(Collection<NodeName> leaving, ClusterFacts facts) {
    List<NodeName> online =
        leaving.stream().filter(node -> facts.fast().online(node).orElse(false)).toList();
    try {
      return online.isEmpty() ? Map.of() : uses(online, false, Set.of(), facts);
    } catch (ProxmoxFailure unknown) {
      return Map.of();
    }
  }

  /** Why the storage entry may be there though it is not listed; empty when it is not there. */
  Optional<String> hidden(ClusterFacts facts) {
    Optional<String> unread = Rows.problem(facts.slow().storages());
    if (unread.isPresent()) {
      return Optional.of("the list of storages can't be read in full (%s)".formatted(unread.get()));
    }
    try {
      HeldPrivileges privileges = TokenPrivileges.of(watcher.quorateMembers()).get();
      String path = "/storage/" + wanted.storage().id();
      return privileges.holds(AUDIT, path)
          ? Optional.empty()
          : Optional.of(privileges.lacks(AUDIT, path));
    } catch (ProxmoxFailure unknown) {
      return Optional.of("what the token may see is unknown: " + unknown.getMessage());
    }
  }

  /**
   * What the pools of these nodes are used for; a node that can't be asked is missing.
   *
   * <p>One member answers, which may lag behind: a storage or guest that others listed is there,
   * and the guest of a volume is as long as it is not proven that there is none.
   *
   * @param whole whether of all that lies on the pool, not of its storage alone
   * @param destroyed nodes whose pool was destroyed by us, if it is not listed now
   * @param facts of the last round
   * @throws ProxmoxFailure when the cluster can't be asked
   */
  Map<NodeName, PoolUse> uses(
      Collection<NodeName> nodes, boolean whole, Set<NodeName> destroyed, ClusterFacts facts) {
    ProxmoxApi cluster = watcher.quorateMembers();
    HeldPrivileges privileges = TokenPrivileges.of(cluster).get();
    Map<String, StorageEntry> storages = new TreeMap<>();
    Stream.concat(
            facts.slow().storages().stream(),
            readInFull(new StorageCalls(cluster).storages().get()).stream())
        .forEach(storage -> storages.put(storage.storage(), PoolFactsReader.entry(storage)));
    List<StorageEntry> entries = List.copyOf(storages.values());
    Set<Integer> listed =
        Stream.concat(
                facts.fast().guests().stream(),
                readInFull(new GuestCalls(cluster).guests().get()).stream())
            .map(guest -> guest.id().vmid())
            .collect(Collectors.toSet());
    IntPredicate mayExist =
        vmid ->
            listed.contains(vmid)
                || facts.sight().doubtThatGone(Listing.GUESTS, Integer.toString(vmid)).isPresent();
    Map<NodeName, PoolUse> uses = new TreeMap<>();
    for (NodeName node : nodes) {
      try {
        Optional<StorageCalls.Pool> pool = pool(node);
        uses.put(
            node,
            pool.isPresent()
                ? at(node, whole, pool.get(), privileges, entries, mayExist)
                : missing(node, destroyed, entries, facts));
      } catch (ProxmoxFailure.Unreachable silent) {
        uses.remove(node);
      }
    }
    return uses;
  }

  /** A list whose gaps mean something. */
  private static <T> List<T> readInFull(List<T> rows) {
    Rows.problem(rows)
        .ifPresent(
            problem -> {
              throw new ProxmoxFailure.NotProxmox(
                  "an answer of Proxmox can't be read in full: " + problem);
            });
    return rows;
  }

  private Optional<StorageCalls.Pool> pool(NodeName node) {
    return new StorageCalls(watcher.access().node(node))
        .pools(node).get().stream().filter(pool -> pool.name().equals(wanted.name())).findFirst();
  }

  private PoolUse missing(
      NodeName node, Set<NodeName> destroyed, List<StorageEntry> entries, ClusterFacts facts) {
    return destroyed.contains(node)
        ? PoolUse.NONE
        : PoolUse.ofMissing(
            wanted.name(),
            node,
            entries.stream().filter(entry -> entry.id().equals(wanted.storage().id())).findFirst(),
            facts.names());
  }

  private PoolUse at(
      NodeName node,
      boolean whole,
      StorageCalls.Pool pool,
      HeldPrivileges privileges,
      List<StorageEntry> entries,
      IntPredicate mayExist) {
    StorageCalls calls = new StorageCalls(watcher.access().node(node));
    Map<String, List<PoolUse.Volume>> contents = new TreeMap<>();
    entries.stream()
        .filter(entry -> entry.isFor(node) && entry.liesOn(wanted.name(), entries))
        .forEach(
            entry -> content(calls, node, entry.id()).ifPresent(c -> contents.put(entry.id(), c)));
    PoolUse.Look look =
        new PoolUse.Look(
            wanted.name(),
            wanted.storage().id(),
            node,
            entries,
            privileges,
            contents,
            OptionalLong.of(pool.alloc()),
            owners(contents.values(), mayExist));
    return whole ? PoolUse.ofPool(look) : PoolUse.ofStorage(look);
  }

  private static Set<Integer> owners(
      Collection<List<PoolUse.Volume>> contents, IntPredicate mayExist) {
    return contents.stream()
        .flatMap(List::stream)
        .flatMap(volume -> volume.vmid().stream())
        .filter(mayExist::test)
        .collect(Collectors.toSet());
  }

  private static Optional<List<PoolUse.Volume>> content(
      StorageCalls calls, NodeName node, String storage) {
    try {
      return Optional.of(
          calls.content(node, storage).get().stream()
              .map(
                  volume ->
                      new PoolUse.Volume(
                          volume.volid(),
                          Optional.ofNullable(volume.vmid()),
                          isDisk(volume.content())))
              .toList());
    } catch (ProxmoxFailure.Unreachable silent) {
      throw silent;
    } catch (ProxmoxFailure unknown) {
      return Optional.empty();
    }
  }

  /** What is of no known kind may be a disk. */
  private static boolean isDisk(String content) {
    return content == null || content.equals("images") || content.equals("rootdir");
  }
}
