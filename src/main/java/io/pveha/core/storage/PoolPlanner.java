package io.pveha.core.storage;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Count;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Reason;
import io.pveha.core.storage.PoolFacts.Disk;
import io.pveha.core.storage.PoolFacts.Pool;
import io.pveha.core.storage.PoolStep.CreatePool;
import io.pveha.core.storage.PoolStep.CreateStorage;
import io.pveha.core.storage.PoolStep.UpdateStorage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Plans pools of one name and their storage entry. Properties kept:
 *
 * <ol>
 *   <li>a disk that Proxmox reports as used is never in a step;
 *   <li>nothing is made on any node while a node contradicts the spec;
 *   <li>the storage entry lists exactly those wanted nodes that have the pool.
 * </ol>
 */
public final class PoolPlanner {

  private final WantedPool wanted;
  private final PoolFacts facts;
  private final Gate<PoolStep> gate;
  private boolean contradicted;

  private PoolPlanner(WantedPool wanted, PoolFacts facts, Gate<PoolStep> gate) {
    this.wanted = wanted;
    this.facts = facts;
    this.gate = gate;
  }

  /** Plans from facts asked for at {@code factsAt}. */
  public static Plan<PoolStep> plan(
      WantedPool wanted, PoolFacts facts, Memory memory, Instant factsAt, Instant now) {
    return new PoolPlanner(wanted, facts, new Gate<>(memory, factsAt, now)).plan();
  }

  private Plan<PoolStep> plan() {
    SortedSet<String> havePool = new TreeSet<>();
    for (WantedPool.Node node : wanted.nodes()) {
      if (planNode(node)) {
        havePool.add(node.name().value());
      }
    }
    planStorage(havePool);
    return contradicted ? gate.blocked() : gate.plan();
  }

  /** Plans a node, and tells whether it has the pool. */
  private boolean planNode(WantedPool.Node node) {
    String name = node.name().value();
    if (!facts.members().containsKey(node.name())) {
      block(
          Reason.NODE_UNKNOWN,
          "spec.nodes: %s is no member of the cluster; write the name of a member, or add it to"
                  .formatted(name)
              + " the ProxmoxCluster.");
      return false;
    }
    PoolFacts.Node found = facts.nodes().get(node.name());
    if (found == null) {
      gate.find(
          Finding.delays(
              Reason.WAITING_FOR_NODE,
              "%s can't be asked for its pools now; bring it back online.".formatted(name)));
      return listedInStorage(name);
    }
    if (found.pool().isPresent()) {
      return judge(node, found, found.pool().get());
    }
    disksFor(node, found).ifPresent(disks -> gate.want(new CreatePool(node.name(), wanted, disks)));
    return false;
  }

  private boolean listedInStorage(String node) {
    return facts.storage().filter(storage -> storage.nodes().contains(node)).isPresent();
  }

  private boolean judge(WantedPool.Node node, PoolFacts.Node found, Pool pool) {
    String name = node.name().value();
    List<String> unused =
        node.disks().stream()
            .filter(path -> found.disks().stream().anyMatch(d -> d.isAt(path) && isUnused(d)))
            .toList();
    if (!PoolLayout.fits(wanted.raidLevel(), pool.layout()) || !unused.isEmpty()) {
      String why =
          unused.isEmpty()
              ? "not a %s pool (%s)".formatted(wanted.raidLevel(), String.join(", ", pool.layout()))
              : "made from other disks, %s %s not in it"
                  .formatted(String.join(", ", unused), unused.size() == 1 ? "is" : "are");
      block(
          Reason.POOL_NAME_TAKEN,
          "spec.poolName: %s already has a pool %s that is %s; choose another poolName, or rename or"
                  .formatted(name, wanted.name(), why)
              + " remove that pool.");
      return false;
    }
    switch (pool.health()) {
      case "ONLINE" -> {}
      case "DEGRADED" ->
          gate.find(
              Finding.informs(
                  Reason.POOL_DEGRADED,
                  "Pool %s on %s lost a disk and has no more redundancy; replace the disk."
                      .formatted(wanted.name(), name)));
      default ->
          gate.find(
              Finding.blocks(
                  Reason.POOL_FAILED,
                  "Pool %s on %s is %s; look at zpool status there."
                      .formatted(wanted.name(), name, pool.health())));
    }
    return true;
  }

  private static boolean isUnused(Disk disk) {
    return disk.usedAs().isEmpty();
  }

  private Optional<List<String>> disksFor(WantedPool.Node node, PoolFacts.Node found) {
    return node.selector().isPresent()
        ? selected(node, found, node.selector().get())
        : named(node, found);
  }

  private Optional<List<String>> named(WantedPool.Node node, PoolFacts.Node found) {
    boolean good = true;
    for (String path : node.disks()) {
      Optional<Disk> disk = found.disks().stream().filter(d -> d.isAt(path)).findFirst();
      if (disk.isEmpty()) {
        good = false;
        block(
            Reason.DISK_NOT_FOUND,
            "spec.nodes[%s].disks: %s has no disk %s; it has %s."
                .formatted(node.name().value(), node.name().value(), path, names(found.disks())));
      } else if (!isUnused(disk.get()) && !isBeingMade(node)) {
        good = false;
        block(
            Reason.DISK_IN_USE,
            "spec.nodes[%s].disks: %s on %s is in use (%s) and is not touched; name an unused disk, or"
                    .formatted(
                        node.name().value(), path, node.name().value(), disk.get().usedAs().get())
                + " wipe it yourself.");
      }
    }
    return good ? Optional.of(node.disks()) : Optional.empty();
  }

  /** While the pool is made, its disks show as used before the pool shows. */
  private boolean isBeingMade(WantedPool.Node node) {
    return gate.isAwaited(new CreatePool(node.name(), wanted, List.of()).key());
  }

  private Optional<List<String>> selected(
      WantedPool.Node node, PoolFacts.Node found, WantedPool.Selector selector) {
    List<String> fitting =
        found.disks().stream().filter(selector::fits).map(Disk::path).sorted().toList();
    if (fitting.size() < selector.count() && !isBeingMade(node)) {
      gate.find(
          Finding.blocks(
              Reason.TOO_FEW_DISKS,
              "spec.nodes[%s].diskSelector: %s of %s would do, of %d needed; add disks or"
                      .formatted(
                          node.name().value(),
                          Count.of(fitting.size(), "unused disk"),
                          node.name().value(),
                          selector.count())
                  + " loosen the selector."));
      return Optional.empty();
    }
    return Optional.of(
        new ArrayList<>(fitting.subList(0, Math.min(selector.count(), fitting.size()))));
  }

  private void planStorage(SortedSet<String> havePool) {
    String id = wanted.storage().id();
    if (facts.storage().isEmpty()) {
      boolean allThere = havePool.size() == wanted.nodes().size();
      SortedSet<String> nodes =
          new TreeSet<>(wanted.nodes().stream().map(n -> n.name().value()).toList());
      if (allThere) {
        gate.want(
            new CreateStorage(
                new NodeName(havePool.first()), wanted.storage(), wanted.name(), nodes));
      } else {
        gate.wantLater(
            new CreateStorage(
                wanted.nodes().get(0).name(), wanted.storage(), wanted.name(), nodes));
      }
      return;
    }
    StorageEntry storage = facts.storage().get();
    boolean ours =
        storage.type().equals("zfspool")
            && storage.pool().filter(wanted.name()::equals).isPresent();
    if (!ours) {
      block(
          Reason.STORAGE_ID_TAKEN,
          "spec.storage.id: storage %s exists and is %s, not pool %s; choose another id, or remove"
                  .formatted(
                      id,
                      storage.type() + storage.pool().map(pool -> " on " + pool).orElse(""),
                      wanted.name())
              + " that storage.");
      return;
    }
    if (!havePool.isEmpty() && !storage.nodes().equals(havePool)) {
      gate.want(new UpdateStorage(id, havePool));
    } else {
      reportInactive(id, havePool);
    }
  }

  private void reportInactive(String id, SortedSet<String> havePool) {
    String inactive =
        havePool.stream()
            .filter(
                node ->
                    Optional.ofNullable(facts.nodes().get(new NodeName(node)))
                        .flatMap(PoolFacts.Node::storageActive)
                        .filter(active -> !active)
                        .isPresent())
            .collect(Collectors.joining(", "));
    if (!inactive.isEmpty()) {
      gate.find(
          Finding.delays(
              Reason.STORAGE_INACTIVE,
              "Storage %s is not active on %s; look at its pool there.".formatted(id, inactive)));
    }
  }

  private void block(Reason reason, String message) {
    contradicted = true;
    gate.find(Finding.blocks(reason, message));
  }

  private static String names(List<Disk> disks) {
    return disks.isEmpty()
        ? "none"
        : disks.stream().map(Disk::path).sorted().collect(Collectors.joining(", "));
  }
}
