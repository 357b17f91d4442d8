package io.pveha.core.storage;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Gate;
import io.pveha.core.storage.PoolStep.UpdateStorage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Plans for which nodes a storage entry is that is there. Properties kept:
 *
 * <ol>
 *   <li>a node that is listed stays so, unless it was taken off the spec, or the spec asks to have
 *       the storage alone;
 *   <li>a node is taken off only when it is known that nothing lies on the storage there.
 * </ol>
 */
final class EntryPlanner {

  private final WantedPool wanted;
  private final PoolFacts facts;
  private final StorageEntry entry;
  private final Gate<PoolStep> gate;

  EntryPlanner(WantedPool wanted, PoolFacts facts, StorageEntry entry, Gate<PoolStep> gate) {
    this.wanted = wanted;
    this.facts = facts;
    this.entry = entry;
    this.gate = gate;
  }

  /**
   * Nodes that are to be taken off the entry.
   *
   * @param former nodes that had a place in the spec
   */
  static SortedSet<NodeName> leaving(
      WantedPool wanted, PoolFacts facts, Collection<NodeName> former) {
    SortedSet<NodeName> leaving = new TreeSet<>();
    if (facts.storage().filter(entry -> entry.isZfsOn(wanted.name())).isEmpty()) {
      return leaving;
    }
    StorageEntry entry = facts.storage().get();
    if (wanted.storage().exclusive()) {
      leaving.addAll(facts.members().keySet());
      entry.nodes().forEach(node -> leaving.add(new NodeName(node)));
      leaving.removeIf(node -> !entry.isFor(node));
    } else {
      leaving.addAll(former);
      // An entry without a list was not made by us.
      leaving.removeIf(node -> !entry.nodes().contains(node.value()));
    }
    leaving.removeIf(wanted::lists);
    return leaving;
  }

  /**
   * Plans, and tells whether the list is as it is to be.
   *
   * @param havePool wanted nodes that have the pool
   * @param leaving nodes that are to be taken off
   * @param uses what lies on the storage at those that could be asked
   */
  boolean plan(
      SortedSet<String> havePool, SortedSet<NodeName> leaving, Map<NodeName, PoolUse> uses) {
    SortedSet<String> free = new TreeSet<>();
    SortedSet<String> held = new TreeSet<>();
    for (NodeName node : leaving) {
      (mayLeave(node, uses) ? free : held).add(node.value());
    }
    SortedSet<String> before = new TreeSet<>(entry.nodes());
    if (before.isEmpty()) {
      facts.members().keySet().forEach(node -> before.add(node.value()));
    }
    SortedSet<String> added = new TreeSet<>(havePool);
    added.removeAll(before);
    SortedSet<String> nodes = new TreeSet<>(before);
    nodes.addAll(havePool);
    nodes.removeAll(free);
    if (nodes.isEmpty()) {
      return true;
    }
    if (!added.isEmpty() || !free.isEmpty()) {
      gate.want(new UpdateStorage(entry.id(), wanted.name(), nodes, added, free));
      return false;
    }
    if (!held.isEmpty()) {
      nodes.removeAll(held);
      gate.wantLater(new UpdateStorage(entry.id(), wanted.name(), nodes, added, held));
      return false;
    }
    return true;
  }

  private boolean mayLeave(NodeName node, Map<NodeName, PoolUse> uses) {
    if (!facts.members().containsKey(node)) {
      return true;
    }
    PoolUse use = uses.get(node);
    if (use == null) {
      gate.find(
          Finding.delays(
              ConditionReason.WAITING_FOR_NODE,
              "%s can't be asked whether anything is on storage %s there; bring it back online, or"
                      .formatted(node, entry.id())
                  + " put it back into spec.nodes."));
      return false;
    }
    if (use.isEmpty()) {
      return true;
    }
    boolean seen = !use.needed().isEmpty() || !use.others().isEmpty();
    List<String> why = new ArrayList<>();
    if (!use.needed().isEmpty()) {
      why.add(
          "disks of guests %s lie there (%s)".formatted(use.guests(), PoolUse.names(use.needed())));
    }
    if (!use.others().isEmpty()) {
      why.add(
          "volumes of no guest lie there (%s; pvesm free VOLUME on %s removes one)"
              .formatted(PoolUse.names(use.others()), node));
    }
    why.addAll(use.doubts());
    gate.find(
        Finding.blocks(
            seen ? ConditionReason.STORAGE_IN_USE : ConditionReason.STORAGE_NOT_VISIBLE,
            "Storage %s stays on %s, which is not in spec.nodes: %s. %s"
                .formatted(
                    entry.id(),
                    node,
                    String.join(", and ", why),
                    seen ? wayOut(node) : makeSeen(node))));
    return false;
  }

  private String makeSeen(NodeName node) {
    return wanted.storage().exclusive()
        ? "Make it visible, put %s into spec.nodes, or leave storage.exclusiveNodes out."
            .formatted(node)
        : "Make it visible, or put %s back into spec.nodes.".formatted(node);
  }

  private String wayOut(NodeName node) {
    return wanted.storage().exclusive()
        ? "Move or remove what is there, put %s into spec.nodes, or leave storage.exclusiveNodes out."
            .formatted(node)
        : "Move or remove the guests, and the ReplicationJobs that keep replicas there, or put %s"
                .formatted(node)
            + " back into spec.nodes.";
  }
}
