package io.pveha.core.health;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeFacts;
import io.pveha.core.cluster.PoolPart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Conditions of what a node stores guests on: pools, disks, storages. */
final class StorageConditions {

  private final NodeSignals signals;
  private final NodeFindings found;
  private final Instant now;

  StorageConditions(NodeSignals signals, NodeFindings found, Instant now) {
    this.signals = signals;
    this.found = found;
    this.now = now;
  }

  private static final int LIFE_LEFT_LIMIT = 5;

  /** Of pools, disks and storages, as far as told lately. */
  void judge() {
    NodeFacts facts = signals.facts();
    found.judge(
        facts.pools(),
        NodeConditions.OLDEST_OFTEN_ASKED,
        this::pools,
        "ZFS pools",
        NodeConditionType.POOLS_HEALTHY,
        NodeConditionType.POOLS_USABLE);
    found.judge(
        facts.pools(),
        NodeConditions.OLDEST_OFTEN_ASKED,
        this::redundancy,
        "ZFS pools",
        NodeConditionType.POOLS_REDUNDANT);
    found.judge(
        facts.disks(),
        NodeConditions.OLDEST_HARDLY_CHANGING,
        this::disks,
        "disks",
        NodeConditionType.DISKS_HEALTHY,
        NodeConditionType.DISKS_WORN);
    found.judge(
        facts.storages(),
        NodeConditions.OLDEST_OFTEN_ASKED,
        this::storages,
        "storages",
        NodeConditionType.STORAGE_ACTIVE);
  }

  private void pools(List<NodeFacts.Pool> pools) {
    List<String> failed = new ArrayList<>();
    List<String> degraded = new ArrayList<>();
    pools.stream()
        .sorted(Comparator.comparing(NodeFacts.Pool::name))
        .filter(pool -> !pool.isOnline())
        .forEach(
            pool ->
                (pool.isUsable() ? degraded : failed)
                    .add("Pool %s is %s.".formatted(pool.name(), pool.health())));
    List<String> missing =
        signals.expectedPools().stream()
            .filter(expected -> pools.stream().noneMatch(pool -> pool.name().equals(expected)))
            .sorted()
            .map(expected -> "Pool %s is missing.".formatted(expected))
            .toList();
    if (failed.isEmpty()) {
      found.well(NodeConditionType.POOLS_USABLE, "Every pool of %s can be used.");
    } else {
      found.put(
          NodeConditionType.POOLS_USABLE,
          Belief.NO,
          ConditionReason.POOL_FAILED,
          found.list(failed) + NodeFindings.lookAt("zpool status"));
    }
    List<String> bad =
        Stream.of(failed, missing, degraded).flatMap(List::stream).collect(Collectors.toList());
    if (bad.isEmpty()) {
      found.well(NodeConditionType.POOLS_HEALTHY, "Every pool of %s is online.");
    } else {
      found.put(
          NodeConditionType.POOLS_HEALTHY,
          Belief.NO,
          failed.isEmpty() && missing.isEmpty()
              ? ConditionReason.POOL_DEGRADED
              : ConditionReason.POOL_FAILED,
          found.list(bad) + NodeFindings.lookAt("zpool status"));
    }
  }

  /** A healthy pool without redundancy is as its owner wants it; one that lost it is not. */
  private void redundancy(List<NodeFacts.Pool> pools) {
    List<NodeFacts.Pool> degraded =
        pools.stream()
            .filter(pool -> !pool.isOnline())
            .sorted(Comparator.comparing(NodeFacts.Pool::name))
            .toList();
    List<String> bad = new ArrayList<>();
    degraded.stream()
        .filter(pool -> pool.parts().stream().anyMatch(PoolPart::isExhausted))
        .map(pool -> "Pool %s has no redundancy left.".formatted(pool.name()))
        .forEach(bad::add);
    signals
        .facts()
        .disks()
        .within(NodeConditions.OLDEST_HARDLY_CHANGING, now)
        .orElse(List.of())
        .stream()
        .filter(disk -> disk.isFailing() && disk.lastCopy())
        .sorted(Comparator.comparing(NodeFacts.Disk::path))
        .map(disk -> "Disk %s is failing, and its pool has no other copy.".formatted(title(disk)))
        .forEach(bad::add);
    if (!bad.isEmpty()) {
      found.put(
          NodeConditionType.POOLS_REDUNDANT,
          Belief.NO,
          ConditionReason.POOL_DEGRADED,
          found.list(bad) + NodeFindings.lookAt("zpool status"));
    } else if (degraded.stream().anyMatch(pool -> pool.parts().isEmpty())) {
      found.put(
          NodeConditionType.POOLS_REDUNDANT,
          Belief.UNKNOWN,
          ConditionReason.NOT_TOLD,
          "%s does not report which parts of a pool are lost.");
    } else {
      found.well(NodeConditionType.POOLS_REDUNDANT, "No pool of %s has lost its redundancy.");
    }
  }

  private void disks(List<NodeFacts.Disk> disks) {
    List<NodeFacts.Disk> used =
        disks.stream()
            .filter(NodeFacts.Disk::inUse)
            .sorted(Comparator.comparing(NodeFacts.Disk::path))
            .toList();
    List<String> failing =
        used.stream()
            .filter(NodeFacts.Disk::isFailing)
            .map(
                disk -> "SMART reports that disk %s is failing; replace it.".formatted(title(disk)))
            .toList();
    List<String> worn =
        used.stream()
            .filter(disk -> disk.lifeLeftPercent().isPresent())
            .filter(disk -> disk.lifeLeftPercent().getAsInt() <= LIFE_LEFT_LIMIT)
            .map(
                disk ->
                    "Disk %s has at most %d %% of its life left; plan its replacement."
                        .formatted(title(disk), LIFE_LEFT_LIMIT))
            .toList();
    if (failing.isEmpty()) {
      found.well(
          NodeConditionType.DISKS_HEALTHY,
          "SMART finds nothing wrong with the disks in use of %s.");
    } else {
      found.put(
          NodeConditionType.DISKS_HEALTHY,
          Belief.NO,
          ConditionReason.DISK_FAILING,
          found.list(failing));
    }
    found.put(
        NodeConditionType.DISKS_WORN,
        worn.isEmpty() ? Belief.NO : Belief.YES,
        worn.isEmpty() ? ConditionReason.HEALTHY : ConditionReason.DISK_WORN,
        worn.isEmpty() ? "No disk in use of %s is nearly worn out." : found.list(worn));
  }

  private static String title(NodeFacts.Disk disk) {
    return "%s (%s, %s)".formatted(disk.path(), disk.model(), disk.serial());
  }

  /** One that was never active here and does not name this node is none of its storages. */
  private void storages(List<NodeFacts.Storage> storages) {
    List<NodeFacts.Storage> own =
        storages.stream()
            .filter(storage -> storage.forGuests() && storage.enabled())
            .filter(
                storage ->
                    storage.everActive() || signals.expectedStorages().contains(storage.id()))
            .toList();
    List<String> inactive =
        own.stream()
            .filter(storage -> storage.active().isNo())
            .map(storage -> "Storage %s is not active.".formatted(storage.id()))
            .sorted()
            .toList();
    List<String> untold =
        own.stream()
            .filter(storage -> storage.active() == Belief.UNKNOWN)
            .map(storage -> storage.id().value())
            .sorted()
            .toList();
    if (inactive.isEmpty() && !untold.isEmpty()) {
      found.put(
          NodeConditionType.STORAGE_ACTIVE,
          Belief.UNKNOWN,
          ConditionReason.NOT_TOLD,
          "%s does not report whether storage " + String.join(", ", untold) + " is active.");
    } else if (inactive.isEmpty()) {
      found.well(NodeConditionType.STORAGE_ACTIVE, "Every storage for guests is active on %s.");
    } else {
      found.put(
          NodeConditionType.STORAGE_ACTIVE,
          Belief.NO,
          ConditionReason.STORAGE_INACTIVE,
          found.list(inactive) + NodeFindings.lookAt("pvesm status"));
    }
  }
}
