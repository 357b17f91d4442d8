package io.pveha.core.storage;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import io.pveha.core.storage.PoolFacts.Pool;
import io.pveha.core.storage.PoolStep.CreatePool;
import io.pveha.core.storage.PoolStep.CreateStorage;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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
 *   <li>the storage entry lists those wanted nodes that have the pool; see {@link EntryPlanner} for
 *       the others.
 * </ol>
 */
public final class PoolPlanner {

  private final WantedPool wanted;
  private final PoolFacts facts;
  private final Insight insight;
  private final Gate<PoolStep> gate;
  private boolean contradicted;

  /**
   * What is known beside the facts.
   *
   * @param leaving nodes that are to be taken off the storage; see {@link #leaving}
   * @param uses what lies on the storage at those of them that could be asked
   * @param lost nodes whose pool was there once, and why none is made in its place
   * @param hidden why a storage entry that is not listed may be there; empty when it is not
   */
  public record Insight(
      SortedSet<NodeName> leaving,
      Map<NodeName, PoolUse> uses,
      Map<NodeName, Finding> lost,
      Optional<String> hidden) {

    /** Nothing leaves, is lost, or hidden. */
    public static final Insight NONE =
        new Insight(Collections.emptySortedSet(), Map.of(), Map.of(), Optional.empty());
  }

  private PoolPlanner(WantedPool wanted, PoolFacts facts, Insight insight, Gate<PoolStep> gate) {
    this.wanted = wanted;
    this.facts = facts;
    this.insight = insight;
    this.gate = gate;
  }

  /** Plans from facts asked for at {@code factsAt}. */
  public static Plan<PoolStep> plan(
      WantedPool wanted,
      PoolFacts facts,
      Insight insight,
      Memory memory,
      Instant factsAt,
      Instant now) {
    return new PoolPlanner(wanted, facts, insight, new Gate<>(memory, factsAt, now)).plan();
  }

  /**
   * Nodes that are to be taken off the storage entry, so that it has to be asked what lies there.
   *
   * @param former nodes that had a place in the spec
   */
  public static SortedSet<NodeName> leaving(
      WantedPool wanted, PoolFacts facts, Collection<NodeName> former) {
    return EntryPlanner.leaving(wanted, facts, former);
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
          ConditionReason.NODE_UNKNOWN,
          "spec.nodes: %s is not a member of the cluster; write the name of a member, or add it to"
                  .formatted(name)
              + " the ProxmoxCluster.");
      return false;
    }
    PoolFacts.Node found = facts.nodes().get(node.name());
    if (found == null) {
      gate.find(
          Finding.delays(
              ConditionReason.WAITING_FOR_NODE,
              "%s can't be asked for its pools now; bring it back online.".formatted(name)));
      return listedInStorage(name);
    }
    if (found.pool().isPresent()) {
      return judge(node, found, found.pool().get());
    }
    if (insight.lost().containsKey(node.name())) {
      contradicted = true;
      gate.find(insight.lost().get(node.name()));
      return false;
    }
    if (wanted.isBootPool()) {
      block(
          ConditionReason.POOL_NAME_TAKEN,
          "spec.poolName: %s is the name of the pool that Proxmox's installer makes to boot from, and"
                  .formatted(wanted.name())
              + " %s has none. It is taken over, never made; choose another poolName."
                  .formatted(name));
      return false;
    }
    if (found.unreadDisks().isPresent()) {
      // The row may be a path of a disk that looks unused by another one.
      unread(node, found.unreadDisks().get());
      gate.remember(new CreatePool(node.name(), wanted, List.of()).key());
      return false;
    }
    disksFor(node, found).ifPresent(disks -> gate.want(new CreatePool(node.name(), wanted, disks)));
    return false;
  }

  private void unread(WantedPool.Node node, String problem) {
    gate.find(
        Finding.delays(
            ConditionReason.NOT_PROXMOX,
            ("The list of disks of %s can't be read in full (%s), so nothing is "
                    + "concluded from what it lacks. Check what its API answers.")
                .formatted(node.name(), problem)));
  }

  private boolean listedInStorage(String node) {
    return facts.storage().filter(storage -> storage.isFor(new NodeName(node))).isPresent();
  }

  private boolean judge(WantedPool.Node node, PoolFacts.Node found, Pool pool) {
    String name = node.name().value();
    List<String> unused = DiskChoice.unused(node, found.disks());
    if (!unused.isEmpty() && found.unreadDisks().isPresent()) {
      unread(node, found.unreadDisks().get());
      return listedInStorage(name);
    }
    if (!PoolLayout.fits(wanted.raidLevel(), pool.layout()) || !unused.isEmpty()) {
      String why =
          unused.isEmpty()
              ? "not a %s pool (%s)".formatted(wanted.raidLevel(), String.join(", ", pool.layout()))
              : "made from other disks, %s %s not in it"
                  .formatted(String.join(", ", unused), unused.size() == 1 ? "is" : "are");
      block(
          ConditionReason.POOL_NAME_TAKEN,
          "spec.poolName: %s already has a pool %s that is %s, and may hold data; choose another poolName,"
                  .formatted(name, wanted.name(), why)
              + " or rename that pool.");
      return false;
    }
    switch (pool.health()) {
      case "ONLINE" -> {}
      case "DEGRADED" ->
          gate.find(
              Finding.informs(
                  ConditionReason.POOL_DEGRADED,
                  "Pool %s on %s lost a disk and has no more redundancy; replace the disk."
                      .formatted(wanted.name(), name)));
      default ->
          gate.find(
              Finding.blocks(
                  ConditionReason.POOL_FAILED,
                  "Pool %s on %s is %s; check zpool status there."
                      .formatted(wanted.name(), name, pool.health())));
    }
    return true;
  }

  private Optional<List<String>> disksFor(WantedPool.Node node, PoolFacts.Node found) {
    DiskChoice choice = DiskChoice.of(node, found.disks(), isBeingMade(node));
    choice
        .findings()
        .forEach(
            finding -> {
              // A node with a selector waits until so many disks fit, and holds up no other node.
              contradicted |= finding.reason() != ConditionReason.TOO_FEW_DISKS;
              gate.find(finding);
            });
    return choice.disks();
  }

  /** While the pool is made, its disks show as used before the pool shows. */
  private boolean isBeingMade(WantedPool.Node node) {
    return gate.isAwaited(new CreatePool(node.name(), wanted, List.of()).key());
  }

  private void planStorage(SortedSet<String> havePool) {
    String id = wanted.storage().id();
    if (facts.storage().isEmpty() && insight.hidden().isPresent()) {
      gate.find(
          Finding.blocks(
              ConditionReason.STORAGE_NOT_VISIBLE,
              "Storage %s is not listed, and may exist anyway: %s. Grant the privilege."
                  .formatted(id, insight.hidden().get())));
      return;
    }
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
    if (!storage.isZfsOn(wanted.name())) {
      block(
          ConditionReason.STORAGE_ID_TAKEN,
          "spec.storage.id: storage %s exists and is %s, not on pool %s; choose another id."
              .formatted(id, storage.words(), wanted.name()));
      return;
    }
    if (storage.disabled()) {
      gate.find(
          Finding.blocks(
              ConditionReason.STORAGE_INACTIVE,
              "Storage %s is disabled on every node; `pvesm set %s --disable 0` enables it."
                  .formatted(storage.id(), storage.id())));
    }
    if (new EntryPlanner(wanted, facts, storage, gate)
            .plan(havePool, insight.leaving(), insight.uses())
        && !storage.disabled()) {
      reportInactive(storage, havePool);
    }
  }

  private void reportInactive(StorageEntry storage, SortedSet<String> havePool) {
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
              ConditionReason.STORAGE_INACTIVE,
              "Storage %s is not active on %s; check its pool there."
                  .formatted(storage.id(), inactive)));
    }
  }

  private void block(ConditionReason reason, String message) {
    contradicted = true;
    gate.find(Finding.blocks(reason, message));
  }
}
