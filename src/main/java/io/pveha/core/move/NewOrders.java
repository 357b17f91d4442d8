package io.pveha.core.move;

import io.pveha.api.v1alpha1.MovePhase;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.move.MoveView.Guest;
import io.pveha.core.move.MoveView.Node;
import io.pveha.core.move.MoveView.Replica;
import io.pveha.core.move.MoveView.Request;
import io.pveha.core.plan.Gate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Gives orders, and begins those whose turn it is. */
final class NewOrders {

  private final MoveView view;
  private final Gate<MoveStep> gate;
  private final Instant now;
  private final OrderBook book;
  private final GuestsTogether together;
  private final MoveHolds holds;
  private final OrderProgress progress;
  private boolean isFull;

  NewOrders(
      MoveView view,
      Gate<MoveStep> gate,
      OrderBook book,
      GuestsTogether together,
      MoveHolds holds,
      OrderProgress progress) {
    this.view = view;
    this.gate = gate;
    this.now = gate.now();
    this.book = book;
    this.together = together;
    this.holds = holds;
    this.progress = progress;
  }

  void order(Guest guest) {
    guest.request().ifPresent(request -> request(guest, request));
    Optional<Node> node = view.node(guest.node());
    Optional<MoveCause> cause = node.flatMap(Node::emptied);
    if (cause.isPresent()
        && book.active(guest.id()).isEmpty()
        && !guest.isOnItsWay()
        && holds.mustStay(guest, node.get(), cause.get()).isEmpty()) {
      book.put(
          MoveOrder.waiting(
              MoveOrder.id(guest.id(), cause.get(), now),
              guest.id(),
              guest.node(),
              Optional.empty(),
              cause.get(),
              now,
              Optional.empty()));
    }
  }

  private void request(Guest guest, Request request) {
    String id = MoveOrder.idOfRequest(guest.id(), request.at());
    if (book.find(id).isPresent()) {
      return;
    }
    Optional<MoveOrder> other = book.active(guest.id());
    if (other.filter(order -> order.phase() == MovePhase.MOVING).isPresent()) {
      return;
    }
    other.ifPresent(order -> book.put(book.withdraw(order, "another move was requested.")));
    NodeName to;
    try {
      to = new NodeName(request.to());
    } catch (IllegalArgumentException noName) {
      book.put(
          book.fail(
              requested(id, guest, Optional.empty()),
              "%s is not a node name.".formatted(request.to())));
      return;
    }
    MoveOrder order = requested(id, guest, Optional.of(to));
    if (to.equals(guest.node())) {
      book.put(book.done(order, "%s is on %s already.".formatted(guest.id(), to)));
      return;
    }
    Optional<String> refusal =
        guest.leftAlone().or(() -> together.destinations().refusal(guest, to, MoveCause.REQUESTED));
    book.put(refusal.map(why -> book.fail(order, why)).orElse(order));
  }

  private MoveOrder requested(String id, Guest guest, Optional<NodeName> to) {
    return MoveOrder.waiting(
        id,
        guest.id(),
        guest.node(),
        to,
        MoveCause.REQUESTED,
        now,
        Optional.of(now.plus(MovePlanner.REQUEST_LIMIT)));
  }

  void begin(Guest guest, MoveOrder order) {
    if (order.phase() != MovePhase.WAITING) {
      return;
    }
    Optional<String> hold =
        holds
            .paused(order.cause())
            .or(() -> together.companionStays(guest))
            .or(() -> together.sourceInDoubt(guest))
            .or(() -> together.busy(guest))
            .or(() -> noPlace(guest, order));
    if (hold.isPresent()) {
      book.put(order.withMessage(hold.get()));
      return;
    }
    Optional<NodeName> to;
    String why;
    if (order.cause().namesTarget()) {
      Optional<String> refusal =
          together.destinations().refusal(guest, order.to().orElseThrow(), order.cause());
      to = refusal.isPresent() ? Optional.empty() : order.to();
      why = refusal.orElse("");
    } else {
      Destinations.Choice choice = together.destinations().choose(guest, order.cause());
      to = choice.node();
      why = "No node can take it now. " + choice.why();
    }
    Optional<String> conflict = to.flatMap(node -> together.conflictingTarget(guest, node));
    if (to.isEmpty() || conflict.isPresent()) {
      book.put(order.withMessage(conflict.orElse(why).strip()));
    } else {
      begin(guest, order, to.get());
    }
  }

  /** Those that run together take all their places at once; a party too big for that goes alone. */
  private Optional<String> noPlace(Guest guest, MoveOrder order) {
    long underWay = book.underWay();
    long wanted = underWay + view.party(guest).size();
    long places = order.cause() == MoveCause.FAILBACK ? 1 : view.settings().maxConcurrent();
    boolean full = wanted > places && underWay > 0;
    // Less urgent ones do not overtake.
    isFull |= full;
    return isFull ? Optional.of(MovePlanner.TURN) : Optional.empty();
  }

  /** The guest and all that run together with it. */
  void begin(Guest guest, MoveOrder order, NodeName to) {
    List<Guest> companions = together.companions(guest, to);
    book.put(prepared(guest, order, to));
    companions.forEach(
        companion -> {
          if (together.orderTo(companion, to).isEmpty()) {
            MoveOrder own =
                book.active(companion.id()).orElseGet(() -> companion(companion, order, to));
            book.put(prepared(companion, own, to));
          }
        });
    Optional<Replica> replica = Optional.ofNullable(guest.replicas().get(to));
    if (replica.isEmpty()) {
      book.put(progress.depart(book.find(order.id()).orElseThrow(), guest, to));
    }
  }

  private MoveOrder prepared(Guest guest, MoveOrder order, NodeName to) {
    Optional<Replica> replica = Optional.ofNullable(guest.replicas().get(to));
    Instant until = now.plus(MovePlanner.SYNC_LIMIT);
    gate.lookAgainAt(until);
    replica.ifPresent(found -> progress.askToReplicate(found, guest));
    return order.syncing(
        to,
        replica.flatMap(Replica::latestStart),
        until,
        "Replicating to %s before the move.".formatted(to));
  }

  /** An order for one that goes only because another goes. */
  private MoveOrder companion(Guest companion, MoveOrder order, NodeName to) {
    return MoveOrder.waiting(
        MoveOrder.id(companion.id(), order.cause(), order.startedAt()),
        companion.id(),
        companion.node(),
        order.cause().namesTarget() ? Optional.of(to) : Optional.empty(),
        order.cause(),
        now,
        order.deadline());
  }
}
