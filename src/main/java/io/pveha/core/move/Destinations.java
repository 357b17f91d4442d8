package io.pveha.core.move;

import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.move.MoveView.Guest;
import io.pveha.core.move.MoveView.Node;
import io.pveha.core.move.MoveView.Replica;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where a guest may go, as things are and as they will be when the moves under way are done. */
final class Destinations {

  private final MoveView view;
  private final Collection<MoveOrder> orders;

  /** With the orders as they are known so far. */
  Destinations(MoveView view, Collection<MoveOrder> orders) {
    this.view = view;
    this.orders = orders;
  }

  /**
   * A node, or why there is none.
   *
   * @param why one sentence for each node
   */
  record Choice(Optional<NodeName> node, String why) {}

  /** The freshest replica first; then the node with the fewest guests; then by name. */
  Choice choose(Guest guest, MoveCause cause) {
    List<NodeName> good = new ArrayList<>();
    List<String> why = new ArrayList<>();
    for (NodeName name : view.nodes().keySet()) {
      if (name.equals(guest.node())) {
        continue;
      }
      Optional<String> refusal = refusal(guest, name, cause);
      if (refusal.isEmpty()) {
        good.add(name);
      } else {
        why.add(refusal.get());
      }
    }
    Map<NodeName, Long> load = view.load();
    orders.stream()
        .filter(order -> order.phase().isUnderWay())
        .forEach(order -> order.to().ifPresent(to -> load.merge(to, 1L, Long::sum)));
    Optional<NodeName> best =
        good.stream()
            .min(
                Comparator.comparing((NodeName node) -> fails(guest, node))
                    .thenComparing(node -> freshness(guest, node), Comparator.reverseOrder())
                    .thenComparing(node -> load.getOrDefault(node, 0L))
                    .thenComparing(Comparator.naturalOrder()));
    return new Choice(best, why.stream().distinct().limit(5).collect(Collectors.joining(" ")));
  }

  /** Why the guest may not go there; empty when it may. */
  Optional<String> refusal(Guest guest, NodeName name, MoveCause cause) {
    Optional<Node> found = view.node(name);
    if (found.isEmpty()) {
      return Optional.of("There is no node %s.".formatted(name));
    }
    Node node = found.get();
    if (node.online() != Belief.YES) {
      return Optional.of(
          node.online() == Belief.NO
              ? "%s is offline.".formatted(name)
              : "It is not sure that %s is online.".formatted(name));
    }
    if (node.inProxmoxMaintenance()) {
      return Optional.of("%s is in Proxmox's own maintenance mode.".formatted(name));
    }
    if (node.keptAway().isPresent()) {
      return Optional.of("%s takes no guests: %s.".formatted(name, node.keptAway().get()));
    }
    if (guest.allowed().filter(allowed -> !allowed.contains(name)).isPresent()) {
      return Optional.of("Placement does not allow %s.".formatted(name));
    }
    return storage(guest, node)
        .or(() -> replica(guest, name, cause))
        .or(() -> company(guest, name));
  }

  private static Optional<String> storage(Guest guest, Node node) {
    if (guest.storages().isEmpty() || node.storages().isEmpty()) {
      return Optional.empty();
    }
    return guest.storages().get().stream()
        .filter(storage -> !node.storages().get().contains(storage))
        .sorted()
        .findFirst()
        .map(storage -> "Storage %s is not active on %s.".formatted(storage, node.name()));
  }

  private static Optional<String> replica(Guest guest, NodeName name, MoveCause cause) {
    boolean shared = guest.storages().filter(java.util.Set::isEmpty).isPresent();
    if (guest.replicas().isEmpty() && shared) {
      return Optional.empty();
    }
    Optional<Replica> replica = Optional.ofNullable(guest.replicas().get(name));
    if (replica.isEmpty()) {
      return Optional.of("%s has no replica of its disks; add a ReplicationJob.".formatted(name));
    }
    if (replica.get().disabled()) {
      return Optional.of("The replication to %s is suspended.".formatted(name));
    }
    if (replica.get().lastSync().isEmpty()) {
      return Optional.of("The replica on %s is not known to be complete.".formatted(name));
    }
    return replica.get().failing() && cause != MoveCause.NODE_UNHEALTHY
        ? Optional.of("The replication to %s fails.".formatted(name))
        : Optional.empty();
  }

  private Optional<String> company(Guest guest, NodeName name) {
    Optional<GuestId> enemy =
        guest.apart().stream()
            .filter(other -> willBeOn(other).filter(name::equals).isPresent())
            .sorted()
            .findFirst();
    if (enemy.isPresent()) {
      return Optional.of("%s is on %s, and is to run apart.".formatted(enemy.get(), name));
    }
    Optional<MoveOrder> mate =
        orders.stream()
            .filter(order -> order.phase().isUnderWay() && guest.together().contains(order.guest()))
            .filter(order -> order.to().filter(to -> !to.equals(name)).isPresent())
            .findFirst();
    return mate.map(
        order -> "%s goes to %s, and runs together.".formatted(order.guest(), order.to().get()));
  }

  private Optional<NodeName> willBeOn(GuestId id) {
    return orders.stream()
        .filter(order -> order.phase().isUnderWay() && order.guest().equals(id))
        .findFirst()
        .flatMap(MoveOrder::to)
        .or(() -> view.guest(id).map(Guest::node));
  }

  private static boolean fails(Guest guest, NodeName node) {
    return Optional.ofNullable(guest.replicas().get(node)).filter(Replica::failing).isPresent();
  }

  /** By the minute: what is closer is made equal by the replication before the move. */
  private static Instant freshness(Guest guest, NodeName node) {
    return Optional.ofNullable(guest.replicas().get(node))
        .flatMap(Replica::lastSync)
        .map(sync -> sync.truncatedTo(ChronoUnit.MINUTES))
        .orElse(Instant.MIN);
  }
}
