package io.pveha.core.move;

import io.pveha.core.cluster.Belief;
import io.pveha.core.move.MoveView.Guest;
import io.pveha.core.move.MoveView.Node;
import java.util.Optional;

/** Why a guest is not moved now. */
final class MoveHolds {

  private final MoveView view;
  private final OrderBook book;
  private final GuestsTogether together;

  MoveHolds(MoveView view, OrderBook book, GuestsTogether together) {
    this.view = view;
    this.book = book;
    this.together = together;
  }

  /** Why its node is not to be emptied of it by us. */
  Optional<String> notOursToMove(Guest guest, Node node) {
    if (node.inProxmoxMaintenance() && guest.isManaged()) {
      return Optional.of("Proxmox HA moves it because of its own maintenance mode.");
    }
    return guest.isManaged() || view.settings().moveUnmanaged()
        ? Optional.empty()
        : Optional.of(
            "It is not under HA; move it manually, or write health.unmanagedGuests: Move.");
  }

  /** Why nothing of this kind is done now. */
  Optional<String> paused(MoveCause cause) {
    return switch (cause) {
      case NODE_UNHEALTHY, FAILBACK -> view.settings().paused();
      case MAINTENANCE, REQUESTED -> Optional.empty();
    };
  }

  /** Why a guest on a node that is to be emptied gets no order now. */
  Optional<String> mustStay(Guest guest, Node node, MoveCause cause) {
    if (guest.leftAlone().isPresent()) {
      return guest.leftAlone();
    }
    if (node.online() != Belief.YES) {
      return Optional.of(
          "%s is not confirmed online; Proxmox HA recovers its guests.".formatted(node.name()));
    }
    return notOursToMove(guest, node)
        .or(() -> paused(cause))
        .or(() -> book.failedLately(guest.id()).map(MoveOrder::message))
        .or(() -> together.companionStays(guest));
  }

  /** Whether HA gave it up meanwhile, and those outside HA are not for us to move. */
  Optional<String> abandoned(Guest guest) {
    boolean ours =
        guest.isManaged() || view.settings().moveUnmanaged() || guest.request().isPresent();
    return ours ? Optional.empty() : Optional.of("%s is no longer under HA.".formatted(guest.id()));
  }
}
