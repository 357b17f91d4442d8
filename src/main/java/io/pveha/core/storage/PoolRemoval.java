package io.pveha.core.storage;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Outcome;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.StepKey;
import io.pveha.core.storage.PoolFacts.Pool;
import io.pveha.core.storage.PoolStep.DestroyPool;
import io.pveha.core.storage.PoolStep.RemoveStorage;
import io.pveha.core.storage.PoolStep.UpdateStorage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Plans what goes when a pool's object is deleted; never called for policy Retain. Properties kept:
 *
 * <ol>
 *   <li>nothing goes while a disk of a guest that exists, or may exist, is seen on it;
 *   <li>a pool goes only when all that may lie on it is known, seen and empty, or its owner
 *       released what is left;
 *   <li>a pool of that name made from other disks than the spec names was never taken over, and
 *       does not go; neither does one whose disks were selected, unless it is made of those;
 *   <li>the storage entry outlives the pools, since it is what shows what lies on them, and other
 *       nodes keep it.
 * </ol>
 */
public final class PoolRemoval {

  private final WantedPool wanted;
  private final boolean destroy;
  private final PoolFacts facts;
  private final Map<NodeName, MadePool> made;
  private final Map<NodeName, PoolUse> uses;
  private final Release release;
  private final Set<NodeName> destroyed;
  private final Gate<PoolStep> gate;

  /**
   * The owner's word on data that is left.
   *
   * @param isGiven whether it may go
   * @param command that gives the word
   */
  public record Release(boolean isGiven, String command) {}

  private PoolRemoval(
      WantedPool wanted,
      boolean destroy,
      PoolFacts facts,
      Map<NodeName, MadePool> made,
      Map<NodeName, PoolUse> uses,
      Release release,
      Set<NodeName> destroyed,
      Gate<PoolStep> gate) {
    this.wanted = wanted;
    this.destroy = destroy;
    this.facts = facts;
    this.made = made;
    this.uses = uses;
    this.release = release;
    this.destroyed = destroyed;
    this.gate = gate;
  }

  /**
   * Plans.
   *
   * @param destroy whether the pools go too, with their data
   * @param made what is remembered of the disks of pools, by node
   * @param uses by node, of the whole pool when it is to be destroyed, else of its storage; a node
   *     that could not be asked is missing
   */
  public static Plan<PoolStep> plan(
      WantedPool wanted,
      boolean destroy,
      PoolFacts facts,
      Map<NodeName, MadePool> made,
      Map<NodeName, PoolUse> uses,
      Release release,
      Memory memory,
      Instant factsAt,
      Instant now) {
    return new PoolRemoval(
            wanted,
            destroy,
            facts,
            made,
            uses,
            release,
            destroyed(wanted, memory),
            new Gate<>(memory, factsAt, now))
        .plan();
  }

  /**
   * Nodes whose pool we asked Proxmox to destroy: where it is not listed now, it was not just left
   * out of an import.
   */
  public static Set<NodeName> destroyed(WantedPool wanted, Memory memory) {
    return wanted.nodes().stream()
        .map(WantedPool.Node::name)
        .filter(node -> memory.pending(key(wanted, node)).isPresent())
        .filter(node -> memory.outcome(key(wanted, node)).state() != Outcome.State.FAILED)
        .collect(Collectors.toSet());
  }

  private static StepKey key(WantedPool wanted, NodeName node) {
    return new DestroyPool(node, wanted.name()).key();
  }

  private Plan<PoolStep> plan() {
    boolean waits = false;
    List<String> needed = new ArrayList<>();
    List<String> left = new ArrayList<>();
    List<String> foreign = new ArrayList<>();
    for (WantedPool.Node node : wanted.nodes()) {
      if (!facts.members().containsKey(node.name())) {
        continue;
      }
      PoolUse use = uses.get(node.name());
      if (use == null || !facts.nodes().containsKey(node.name())) {
        waits = true;
        // Not seen is not gone: to let go of a pool unseen would leave it behind without a word.
        gate.find(
            Finding.delays(
                ConditionReason.WAITING_FOR_NODE,
                "%s can't be asked for its pool now; bring it back online, or set deletionPolicy:"
                        .formatted(node.name())
                    + " Retain."));
        continue;
      }
      judge(node.name(), use, needed, left);
      Optional<String> unread = facts.nodes().get(node.name()).unreadDisks();
      if (destroy && hasIt(node) && unread.isPresent()) {
        waits = true;
        gate.find(
            Finding.delays(
                ConditionReason.NOT_PROXMOX,
                ("The list of disks of %s can't be read in full (%s), so it is not known "
                        + "whether its pool %s is the one to destroy; check what its API answers, or "
                        + "set deletionPolicy: Retain.")
                    .formatted(node.name(), unread.get(), wanted.name())));
        continue;
      }
      if (destroy && hasIt(node)) {
        doubt(node).ifPresent(foreign::add);
        gate.want(new DestroyPool(node.name(), wanted.name()));
      }
    }
    Plan<PoolStep> pools = gate.plan();
    planEntry(waits || !pools.now().isEmpty() || !pools.later().isEmpty());
    boolean blocked = false;
    if (destroy && wanted.isBootPool()) {
      blocked = true;
      gate.find(
          Finding.blocks(
              ConditionReason.NOT_SUPPORTED,
              "spec.deletionPolicy: %s is the pool that Proxmox boots from, and is never destroyed; set"
                      .formatted(wanted.name())
                  + " deletionPolicy: Retain."));
    }
    if (!needed.isEmpty()) {
      blocked = true;
      gate.find(
          Finding.blocks(
              ConditionReason.STORAGE_IN_USE,
              String.join(" ", needed)
                  + " Move or remove these guests, and the ReplicationJobs that keep replicas"
                  + " there, or set deletionPolicy: Retain."));
    }
    if (!foreign.isEmpty()) {
      blocked = true;
      gate.find(
          Finding.blocks(
              ConditionReason.POOL_NAME_TAKEN,
              String.join(" ", foreign)
                  + " Nothing is destroyed. If it may go, name its disks in spec.nodes[].disks, or"
                  + " destroy it there yourself: `zpool destroy %s`. Else set deletionPolicy: Retain."
                      .formatted(wanted.name())));
    }
    if (!left.isEmpty() && !(destroy && release.isGiven())) {
      blocked = true;
      gate.find(Finding.blocks(leftReason(), leftMessage(left)));
    }
    return blocked ? gate.blocked() : gate.plan();
  }

  private void judge(NodeName node, PoolUse use, List<String> needed, List<String> left) {
    if (!use.needed().isEmpty()) {
      needed.add(
          "%s on %s holds disks of guests %s (%s)."
              .formatted(what(), node, use.guests(), PoolUse.names(use.needed())));
    }
    if (destroy && !use.others().isEmpty()) {
      left.add(
          "%s on %s holds %s of no guest.".formatted(what(), node, PoolUse.names(use.others())));
    }
    use.doubts().forEach(doubt -> left.add("%s on %s: %s.".formatted(what(), node, doubt)));
  }

  private String what() {
    return destroy ? "Pool " + wanted.name() : "Storage " + wanted.storage().id();
  }

  private ConditionReason leftReason() {
    boolean seen = destroy && uses.values().stream().anyMatch(use -> !use.others().isEmpty());
    return seen ? ConditionReason.STORAGE_IN_USE : ConditionReason.STORAGE_NOT_VISIBLE;
  }

  private String leftMessage(List<String> left) {
    String found = String.join(" ", left.stream().distinct().limit(6).toList());
    return destroy
        ? found
            + " Nothing is destroyed. To keep the pools, set deletionPolicy: Retain; to destroy"
            + " them with all that is on them, also what is not seen: "
            + release.command()
        : found + " Make it visible, or set deletionPolicy: Retain.";
  }

  /** The entry goes, or its other nodes keep it. */
  private void planEntry(boolean poolsFirst) {
    Optional<StorageEntry> own = facts.storage().filter(entry -> entry.isZfsOn(wanted.name()));
    if (own.isEmpty()) {
      return;
    }
    SortedSet<String> ours =
        new TreeSet<>(wanted.nodes().stream().map(node -> node.name().value()).toList());
    SortedSet<String> listed = own.get().nodes();
    SortedSet<String> others = new TreeSet<>(listed);
    if (listed.isEmpty()) {
      facts.elsewhere().forEach(node -> others.add(node.value()));
    } else {
      ours.retainAll(listed);
    }
    others.removeAll(ours);
    if (others.isEmpty() || !ours.isEmpty()) {
      // Until then: a pool that is missing from a node's list may be there, unless we destroyed it.
      destroyed.forEach(node -> gate.remember(key(wanted, node)));
    }
    if (others.isEmpty()) {
      after(poolsFirst, new RemoveStorage(wanted.storage().id(), listed));
    } else if (!ours.isEmpty()) {
      after(
          poolsFirst,
          new UpdateStorage(
              wanted.storage().id(), wanted.name(), others, Collections.emptySortedSet(), ours));
    }
  }

  private void after(boolean poolsFirst, PoolStep step) {
    if (poolsFirst) {
      gate.wantLater(step);
    } else {
      gate.want(step);
    }
  }

  /** Why a pool may be another one than this object's; empty when it is not. */
  private Optional<String> doubt(WantedPool.Node node) {
    PoolFacts.Node found = facts.nodes().get(node.name());
    Pool pool = found.pool().orElseThrow();
    String parts =
        pool.disks().isEmpty()
            ? "disks that Proxmox doesn't tell"
            : String.join(", ", pool.disks());
    if (node.selector().isEmpty()) {
      return MadePool.stranger(node, pool, found.disks())
          .map(
              disk ->
                  "Pool %s on %s is made of %s, which spec.nodes does not name."
                      .formatted(wanted.name(), node.name(), disk.path()));
    }
    MadePool known = made.getOrDefault(node.name(), MadePool.NONE);
    if (known.isThis(pool, found.disks())) {
      return Optional.empty();
    }
    return Optional.of(
        known.ids().isEmpty()
            ? "Pool %s on %s was not made by this object, or its disks were not remembered; it is made of %s."
                .formatted(wanted.name(), node.name(), parts)
            : "Pool %s on %s is not the one that this object made: that was made of %s, this one is made of %s."
                .formatted(wanted.name(), node.name(), String.join(", ", known.ids()), parts));
  }

  /** Whether its pool of that name is the one of the spec, which no other is destroyed for. */
  private boolean hasIt(WantedPool.Node node) {
    PoolFacts.Node found = facts.nodes().get(node.name());
    return found.pool().filter(p -> PoolLayout.fits(wanted.raidLevel(), p.layout())).isPresent()
        && DiskChoice.unused(node, found.disks()).isEmpty();
  }
}
