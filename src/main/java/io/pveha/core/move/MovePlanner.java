package io.pveha.core.move;

import io.pveha.core.move.MovePlan.Staying;
import io.pveha.core.move.MoveView.Guest;
import io.pveha.core.move.MoveView.Node;
import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.PendingStep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Plans moves of guests. Steps: what became of the orders under way; which new ones there are;
 * which of those that wait may begin. Properties kept:
 *
 * <ol>
 *   <li>nothing is begun, ended or asked while the view is uncertain;
 *   <li>a guest goes only to a node that is confirmed online, takes guests, is allowed, and has its
 *       storage and a replica of its disks; and never off a node that is offline, since that is
 *       Proxmox HA's to fence;
 *   <li>guests that run together are prepared one by one and then moved as one, or not at all;
 *   <li>at most so many guests move at once as the spec says, and home only one; more only where
 *       they run together, and then nothing else moves;
 *   <li>a guest has one order at a time, an order is carried out once: what is seen of the guest
 *       counts, and after a failure the next order waits;
 *   <li>each order ends: every phase has a deadline or ends with its cause, and what Proxmox is
 *       moving ends when Proxmox says so.
 * </ol>
 */
public final class MovePlanner {

  /** How long a replication before a move is waited for. */
  static final Duration SYNC_LIMIT = Duration.ofMinutes(10);

  /** How long a container may be on its way; a VM, whose memory is carried over, longer. */
  static final Duration CONTAINER_LIMIT = Duration.ofMinutes(15);

  static final Duration MACHINE_LIMIT = Duration.ofHours(1);

  /** How long an order of the owner waits for its turn. */
  static final Duration REQUEST_LIMIT = Duration.ofMinutes(30);

  /** After a move that failed. */
  static final Duration PAUSE = Duration.ofMinutes(5);

  static final String TURN = "Waiting for its turn.";

  /** Orders that ended, to be read by people. */
  static final int KEPT = 10;

  private final MoveView view;
  private final Gate<MoveStep> gate;
  private final OrderBook book;
  private final OrderProgress progress;
  private final MoveHolds holds;
  private final NewOrders newOrders;
  private final ReturnHome returnHome;

  private MovePlanner(MoveView view, MoveMemory memory, Memory steps, Instant now) {
    this.view = view;
    this.gate = new Gate<>(steps, view.at(), now);
    this.book = new OrderBook(view, memory, gate);
    GuestsTogether together = new GuestsTogether(view, book, now);
    this.holds = new MoveHolds(view, book, together);
    this.progress = new OrderProgress(view, steps, gate, book, together, holds);
    this.newOrders = new NewOrders(view, gate, book, together, holds, progress);
    this.returnHome = new ReturnHome(view, gate, book, together, newOrders);
  }

  /**
   * Plans.
   *
   * @param steps what is remembered of steps; those of other planners are left out of the plan
   */
  public static MovePlan plan(MoveView view, MoveMemory memory, Memory steps, Instant now) {
    if (view.obstacle().isPresent()) {
      return standStill(memory, steps, view, now);
    }
    return new MovePlanner(view, memory, steps, now).plan();
  }

  /** Nothing is concluded; what was asked is remembered. */
  private static MovePlan standStill(MoveMemory memory, Memory steps, MoveView view, Instant now) {
    Gate<MoveStep> gate = new Gate<>(steps, view.at(), now);
    for (MoveOrder order : memory.orders()) {
      if (order.phase().isUnderWay()) {
        steps.pending().stream()
            .filter(step -> isOf(step, order))
            .forEach(step -> gate.keep(step.key(), order.message()));
      }
    }
    return new MovePlan(memory, gate.plan(), List.of());
  }

  private static boolean isOf(PendingStep step, MoveOrder order) {
    return switch (step.key().action()) {
      case "MoveGuest" -> step.key().subject().equals(order.id());
      case "ReplicateNow" -> step.key().subject().startsWith(order.guest().vmid() + "-");
      default -> false;
    };
  }

  private MovePlan plan() {
    for (String id : book.ids()) {
      // One that runs together with an earlier one may have changed by it.
      book.find(id).filter(MoveOrder::isActive).ifPresent(o -> book.put(progress.carryOn(o)));
    }
    book.bringAwayUpToDate();
    List<Guest> guests = view.guests().stream().sorted(Guest.ORDER).toList();
    guests.forEach(newOrders::order);
    guests.forEach(guest -> book.active(guest.id()).ifPresent(o -> newOrders.begin(guest, o)));
    guests.forEach(returnHome::returnHome);
    return new MovePlan(
        book.memory(),
        gate.plan(),
        guests.stream().flatMap(guest -> staying(guest).stream()).toList());
  }

  /** Why a guest is still on a node that is to be emptied. */
  private Optional<Staying> staying(Guest guest) {
    Optional<Node> node = view.node(guest.node());
    Optional<MoveCause> cause = node.flatMap(Node::emptied);
    if (cause.isEmpty()) {
      return Optional.empty();
    }
    Optional<MoveOrder> order = book.active(guest.id());
    boolean underWay = order.filter(o -> o.phase().isUnderWay()).isPresent() || guest.isOnItsWay();
    boolean waits = order.map(MoveOrder::message).filter(TURN::equals).isPresent();
    String why =
        order
            .map(MoveOrder::message)
            .or(() -> holds.mustStay(guest, node.get(), cause.get()))
            .orElse("The move is in progress.");
    return Optional.of(new Staying(guest.id(), guest.node(), underWay || waits, why));
  }
}
