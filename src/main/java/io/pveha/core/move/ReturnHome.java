package io.pveha.core.move;

import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.move.MoveView.Guest;
import io.pveha.core.move.MoveView.Homing;
import io.pveha.core.move.MoveView.Node;
import io.pveha.core.move.MoveView.Replica;
import io.pveha.core.plan.Gate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Brings guests back to where they ran before. */
final class ReturnHome {

  private final MoveView view;
  private final Gate<MoveStep> gate;
  private final Instant now;
  private final OrderBook book;
  private final GuestsTogether together;
  private final NewOrders newOrders;

  ReturnHome(
      MoveView view,
      Gate<MoveStep> gate,
      OrderBook book,
      GuestsTogether together,
      NewOrders newOrders) {
    this.view = view;
    this.gate = gate;
    this.now = gate.now();
    this.book = book;
    this.together = together;
    this.newOrders = newOrders;
  }

  /** All that run together want to go there, or none goes. */
  void returnHome(Guest guest) {
    if (book.underWay() > 0 || view.settings().paused().isPresent()) {
      return;
    }
    List<Guest> party = view.party(guest);
    if (party.stream().anyMatch(each -> !mayGoHome(each))) {
      return;
    }
    Optional<NodeName> home = wayHome(guest).filter(node -> !node.equals(guest.node()));
    home.filter(
            node ->
                together.destinations().travellers(guest, node).stream()
                    .allMatch(each -> wayHome(each).filter(node::equals).isPresent()))
        .filter(node -> together.destinations().refusal(guest, node, MoveCause.FAILBACK).isEmpty())
        .filter(node -> together.sourceInDoubt(guest).isEmpty())
        .ifPresent(
            node ->
                newOrders.begin(
                    guest,
                    MoveOrder.waiting(
                        MoveOrder.id(guest.id(), MoveCause.FAILBACK, now),
                        guest.id(),
                        guest.node(),
                        Optional.of(node),
                        MoveCause.FAILBACK,
                        now,
                        Optional.of(now.plus(MovePlanner.REQUEST_LIMIT))),
                    node));
  }

  private boolean mayGoHome(Guest guest) {
    return book.active(guest.id()).isEmpty()
        && guest.isSettled()
        && guest.leftAlone().isEmpty()
        && (guest.isManaged() || view.settings().moveUnmanaged())
        && book.failedLately(guest.id()).isEmpty();
  }

  private Optional<NodeName> wayHome(Guest guest) {
    return book.away(guest.id())
        .filter(each -> isWell(each.home(), view.settings().healthyDelay()))
        .map(AwayGuest::home)
        .or(() -> homing(guest));
  }

  private Optional<NodeName> homing(Guest guest) {
    if (guest.homing().isEmpty() || book.away(guest.id()).isPresent()) {
      return Optional.empty();
    }
    Homing homing = guest.homing().get();
    if (homing.home().equals(guest.node()) || !isWell(homing.home(), homing.delay())) {
      return Optional.empty();
    }
    if (homing.window().filter(window -> !window.contains(now)).isPresent()) {
      gate.lookAgainAt(homing.window().get().opensAfter(now));
      return Optional.empty();
    }
    Optional<Replica> replica = Optional.ofNullable(guest.replicas().get(homing.home()));
    boolean fresh =
        replica.isEmpty()
            || replica
                .flatMap(Replica::lastSync)
                .filter(sync -> !sync.plus(homing.freshness()).isBefore(now))
                .isPresent();
    return fresh ? Optional.of(homing.home()) : Optional.empty();
  }

  /** Whether all has been well there for so long. */
  private boolean isWell(NodeName name, Duration delay) {
    Optional<Instant> well =
        view.node(name)
            .filter(node -> node.emptied().isEmpty() && node.online() == Belief.YES)
            .flatMap(Node::healthySince)
            .map(since -> since.plus(delay));
    well.filter(then -> then.isAfter(now)).ifPresent(gate::lookAgainAt);
    return well.filter(then -> !then.isAfter(now)).isPresent();
  }
}
