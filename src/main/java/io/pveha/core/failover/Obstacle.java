package io.pveha.core.failover;

import io.pveha.core.failover.Remedy.Kind;
import io.pveha.core.placement.ServiceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Why a guest can't start on a node.
 *
 * @param subject the storage, if one is missing
 * @param bytes memory that is missing
 * @param begun whether a replication there waits for its first success
 * @param bond what the guest is bound to, if the node lacks it
 */
record Obstacle(
    StrandedReason reason,
    String node,
    String subject,
    long bytes,
    boolean begun,
    Optional<Bond> bond) {

  private static final double GIB = 1L << 30;

  /** All that speaks against it, the hardest to change first; nothing unknown does. */
  static List<Obstacle> of(
      LiveGuest guest, String name, LiveCluster cluster, OptionalLong freeMemory) {
    List<Obstacle> obstacles = new ArrayList<>(onMove(guest, name, cluster, freeMemory));
    if (needsReplica(guest, cluster) && replicaPoint(guest, name).isEmpty()) {
      boolean begun = guest.replicas().containsKey(name);
      int beforeMemory =
          (int) obstacles.stream().filter(o -> o.reason != StrandedReason.NO_MEMORY).count();
      obstacles.add(beforeMemory, obstacle(StrandedReason.NO_REPLICA, name, "", 0, begun));
    }
    return obstacles;
  }

  /** The same where a move brings the disks along. */
  static List<Obstacle> onMove(
      LiveGuest guest, String name, LiveCluster cluster, OptionalLong freeMemory) {
    List<Obstacle> obstacles = new ArrayList<>();
    LiveNode node = cluster.nodes().get(name);
    if (guest.storages().isPresent() && node.storages().isPresent()) {
      guest.storages().get().stream()
          .filter(storage -> !node.storages().get().contains(storage))
          .map(storage -> obstacle(StrandedReason.NO_STORAGE, name, storage, 0, false))
          .forEach(obstacles::add);
    }
    guest.bonds().stream()
        .flatMap(List::stream)
        .filter(bond -> bond.forbids(name))
        .map(
            bond ->
                new Obstacle(StrandedReason.BOUND_TO_NODE, name, "", 0, false, Optional.of(bond)))
        .forEach(obstacles::add);
    if (freeMemory.isPresent() && guest.memoryBytes() > freeMemory.getAsLong()) {
      long missing = guest.memoryBytes() - freeMemory.getAsLong();
      obstacles.add(obstacle(StrandedReason.NO_MEMORY, name, "", missing, false));
    }
    return obstacles;
  }

  private static Obstacle obstacle(
      StrandedReason reason, String node, String subject, long bytes, boolean begun) {
    return new Obstacle(reason, node, subject, bytes, begun, Optional.empty());
  }

  private static boolean needsReplica(LiveGuest guest, LiveCluster cluster) {
    return guest
        .storages()
        .filter(ids -> ids.stream().anyMatch(id -> !cluster.sharedStorages().contains(id)))
        .isPresent();
  }

  private static Optional<java.time.Instant> replicaPoint(LiveGuest guest, String node) {
    return guest.replicas().getOrDefault(node, Optional.empty());
  }

  /** What its disks would hold on that node. */
  static RecoveryPoint pointOn(LiveGuest guest, String node, LiveCluster cluster) {
    if (guest.storages().isPresent() && !needsReplica(guest, cluster)) {
      return RecoveryPoint.COMPLETE;
    }
    return replicaPoint(guest, node).map(RecoveryPoint::of).orElse(RecoveryPoint.UNKNOWN);
  }

  /** What is wrong, to be read after the node was named as the manager's choice. */
  String complaint() {
    return switch (reason) {
      case NO_STORAGE -> "storage %s is not active there".formatted(subject);
      case NO_REPLICA ->
          begun
              ? "no replication to that node is known to have succeeded"
              : "there is no replica of its disks";
      case BOUND_TO_NODE -> bond.orElseThrow().complaint();
      case NO_MEMORY -> "%.1f GiB more memory is needed there".formatted(bytes / GIB);
      case QUORUM_LOST, HA_DISARMED, IN_ERROR, FROZEN, NO_NODE_LEFT, STRICT_RULE, KEPT_APART ->
          throw new IllegalStateException(reason + " is not an obstacle on a node");
    };
  }

  Remedy remedy(ServiceId guest) {
    return switch (reason) {
      case NO_STORAGE ->
          new Remedy(
              Kind.ADD_STORAGE,
              node,
              subject,
              "Make storage %s available on %s, with the disks of %s."
                  .formatted(subject, node, guest));
      case NO_REPLICA ->
          begun
              ? new Remedy(
                  Kind.FINISH_SYNC,
                  node,
                  "",
                  "Make the replication of %s to %s succeed once.".formatted(guest, node))
              : new Remedy(
                  Kind.ADD_REPLICA, node, "", "Replicate %s to %s.".formatted(guest, node));
      case BOUND_TO_NODE -> bond.orElseThrow().remedy(guest, node);
      case NO_MEMORY ->
          new Remedy(
              Kind.FREE_MEMORY,
              node,
              Long.toString(bytes),
              "Free %.1f GiB of memory on %s, or reduce the memory of %s by as much."
                  .formatted(Math.ceil(bytes / GIB * 10) / 10, node, guest));
      case QUORUM_LOST, HA_DISARMED, IN_ERROR, FROZEN, NO_NODE_LEFT, STRICT_RULE, KEPT_APART ->
          throw new IllegalStateException(reason + " is not an obstacle on a node");
    };
  }
}
