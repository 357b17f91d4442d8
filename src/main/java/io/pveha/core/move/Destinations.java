package io.pveha.core.move;

import io.pveha.api.v1alpha1.MovePhase;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Where a guest may go, as things are and as they will be when the moves under way are done. */
final class Destinations {

  private static final long MEBIBYTE = 1 << 20;

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

  /**
   * For all that run together, and one that is not: where all may go. The freshest replica first;
   * then the node with the fewest guests; then by name.
   */
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

  /** Those that go when the guest goes there: what runs together goes as a whole. */
  List<Guest> travellers(Guest guest, NodeName name) {
    return view.party(guest).stream().filter(each -> !each.node().equals(name)).toList();
  }

  /** Why the guest, or one that runs together with it, may not go there; empty when all may. */
  Optional<String> refusal(Guest guest, NodeName name, MoveCause cause) {
    List<Guest> travellers = travellers(guest, name);
    return ofNode(name)
        .or(() -> ofOne(guest, name, cause))
        .or(
            () ->
                travellers.stream()
                    .filter(mate -> !mate.id().equals(guest.id()))
                    .flatMap(
                        mate -> ofOne(mate, name, cause).map(why -> together(mate, why)).stream())
                    .findFirst())
        .or(() -> scattered(guest, travellers, name))
        .or(() -> memory(travellers, view.nodes().get(name)));
  }

  static String together(Guest mate, String why) {
    return "%s is kept together with it: %s".formatted(mate.id(), why);
  }

  private Optional<String> ofNode(NodeName name) {
    Optional<Node> found = view.node(name);
    if (found.isEmpty()) {
      return Optional.of("Node %s does not exist.".formatted(name));
    }
    Node node = found.get();
    if (node.online() != Belief.YES) {
      return Optional.of(
          node.online() == Belief.NO
              ? "%s is offline.".formatted(name)
              : "%s is not confirmed online.".formatted(name));
    }
    if (node.inProxmoxMaintenance()) {
      return Optional.of("%s is in Proxmox's own maintenance mode.".formatted(name));
    }
    return node.keptAway().map(why -> "%s takes no guests: %s.".formatted(name, why));
  }

  private Optional<String> ofOne(Guest guest, NodeName name, MoveCause cause) {
    if (guest.allowed().filter(allowed -> !allowed.contains(name)).isPresent()) {
      return Optional.of("Placement does not allow %s.".formatted(name));
    }
    return storage(guest, view.nodes().get(name))
        .or(() -> replica(guest, name, cause))
        .or(() -> company(guest, name));
  }

  /** Proxmox HA would bring along what is well where it is. */
  private Optional<String> scattered(Guest guest, List<Guest> travellers, NodeName name) {
    return travellers.stream()
        .filter(mate -> !mate.node().equals(guest.node()))
        .filter(mate -> view.node(mate.node()).flatMap(Node::emptied).isEmpty())
        .findFirst()
        .map(mate -> "%s is on %s and must be kept together.".formatted(mate.id(), mate.node()));
  }

  /**
   * What is configured counts, not what is used now: a guest may take all it is given. Memory is
   * promised to all that are on their way, and free only when a guest has left.
   */
  private Optional<String> memory(List<Guest> travellers, Node node) {
    long needed = travellers.stream().mapToLong(Guest::neededMemory).sum();
    if (node.memoryBytes().isEmpty() || needed == 0) {
      return Optional.empty();
    }
    Set<GuestId> own = travellers.stream().map(Guest::id).collect(Collectors.toSet());
    long taken =
        view.guests().stream()
            .filter(guest -> !own.contains(guest.id()))
            .mapToLong(guest -> memoryOn(guest, node.name()))
            .sum();
    long left = Math.max(0, node.memoryBytes().get() - taken);
    return needed <= left
        ? Optional.empty()
        : Optional.of(
            "%s has %d MiB of memory left, and %d MiB are needed."
                .formatted(node.name(), left / MEBIBYTE, needed / MEBIBYTE));
  }

  private long memoryOn(Guest guest, NodeName name) {
    if (guest.node().equals(name)) {
      boolean arrives = underWay(guest.id()).filter(o -> o.phase() == MovePhase.MOVING).isPresent();
      return arrives ? guest.memoryBytes() : guest.neededMemory();
    }
    boolean comes =
        underWay(guest.id()).flatMap(MoveOrder::to).filter(name::equals).isPresent()
            || guest.headedTo().filter(name::equals).isPresent();
    return comes ? guest.memoryBytes() : 0;
  }

  private Optional<MoveOrder> underWay(GuestId id) {
    return orders.stream()
        .filter(order -> order.phase().isUnderWay() && order.guest().equals(id))
        .findFirst();
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
    boolean shared = guest.storages().filter(Set::isEmpty).isPresent();
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
    for (GuestId enemy : new TreeSet<>(guest.apart())) {
      if (isOn(enemy, name)) {
        return Optional.of("%s is on %s and must be kept apart.".formatted(enemy, name));
      }
      if (goesTo(enemy, name)) {
        return Optional.of("%s goes to %s and must be kept apart.".formatted(enemy, name));
      }
    }
    return guest.together().stream()
        .sorted()
        .flatMap(mate -> underWay(mate).stream())
        .filter(order -> order.to().filter(to -> !to.equals(name)).isPresent())
        .findFirst()
        .map(
            order ->
                "%s goes to %s and must be kept together."
                    .formatted(order.guest(), order.to().get()));
  }

  private boolean isOn(GuestId id, NodeName name) {
    return view.guest(id).filter(guest -> guest.node().equals(name)).isPresent();
  }

  private boolean goesTo(GuestId id, NodeName name) {
    return underWay(id).flatMap(MoveOrder::to).filter(name::equals).isPresent()
        || view.guest(id).flatMap(Guest::headedTo).filter(name::equals).isPresent();
  }

  private boolean fails(Guest guest, NodeName node) {
    return travellers(guest, node).stream()
        .flatMap(each -> Optional.ofNullable(each.replicas().get(node)).stream())
        .anyMatch(Replica::failing);
  }

  /** Of the stalest, by the minute: what is closer is made equal by replicating before the move. */
  private Instant freshness(Guest guest, NodeName node) {
    return travellers(guest, node).stream()
        .map(
            each ->
                Optional.ofNullable(each.replicas().get(node))
                    .flatMap(Replica::lastSync)
                    .map(sync -> sync.truncatedTo(ChronoUnit.MINUTES))
                    .orElse(Instant.MIN))
        .min(Comparator.naturalOrder())
        .orElse(Instant.MIN);
  }
}
