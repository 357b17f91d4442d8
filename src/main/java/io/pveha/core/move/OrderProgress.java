package io.pveha.core.move;

import io.pveha.api.v1alpha1.MovePhase;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.GuestKind;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.move.MoveStep.MoveGuest;
import io.pveha.core.move.MoveStep.ReplicateNow;
import io.pveha.core.move.MoveView.Guest;
import io.pveha.core.move.MoveView.Node;
import io.pveha.core.move.MoveView.Replica;
import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Outcome;
import io.pveha.core.plan.PendingStep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Carries on with orders: replicated first, then moved, then followed until the guest arrives. */
final class OrderProgress {

  private static final int MOST_TRIES = 2;

  /** How long Proxmox HA may take to show that it has read what it agreed to. */
  private static final Duration SETTLING = Duration.ofMinutes(2);

  private final MoveView view;
  private final Memory steps;
  private final Gate<MoveStep> gate;
  private final Instant now;
  private final OrderBook book;
  private final GuestsTogether together;
  private final MoveHolds holds;

  OrderProgress(
      MoveView view,
      Memory steps,
      Gate<MoveStep> gate,
      OrderBook book,
      GuestsTogether together,
      MoveHolds holds) {
    this.view = view;
    this.steps = steps;
    this.gate = gate;
    this.now = gate.now();
    this.book = book;
    this.together = together;
    this.holds = holds;
  }

  MoveOrder carryOn(MoveOrder order) {
    Optional<Guest> guest = view.guest(order.guest());
    if (guest.isEmpty()) {
      return book.fail(order, "%s is gone.".formatted(order.guest()));
    }
    return switch (order.phase()) {
      case WAITING, SYNCING -> prepare(order, guest.get());
      case MOVING -> follow(order, guest.get());
      case DONE, FAILED -> order;
    };
  }

  private MoveOrder prepare(MoveOrder order, Guest guest) {
    if (order.cause().namesTarget() && order.to().filter(guest.node()::equals).isPresent()) {
      return book.done(order, "%s is on %s already.".formatted(guest.id(), guest.node()));
    }
    if (!guest.node().equals(order.from())) {
      return book.withdraw(
          order, "%s left %s, but not by this order.".formatted(guest.id(), order.from()));
    }
    if (order.isOverdue(now) && order.phase() == MovePhase.WAITING) {
      return book.fail(order, "It did not get a turn in time. " + order.message());
    }
    Optional<String> gone = causeGone(order, guest);
    if (gone.isPresent()) {
      return book.withdraw(order, gone.get());
    }
    order.deadline().ifPresent(gate::lookAgainAt);
    return order.phase() == MovePhase.SYNCING ? sync(order, guest) : order;
  }

  /** Why the order is not wanted any more. */
  private Optional<String> causeGone(MoveOrder order, Guest guest) {
    Optional<Node> from = view.node(order.from());
    if (from.filter(node -> node.online() == Belief.NO).isPresent()) {
      return Optional.of("%s is offline; Proxmox HA recovers its guests.".formatted(order.from()));
    }
    if (guest.leftAlone().isPresent()) {
      return guest.leftAlone();
    }
    return switch (order.cause()) {
      case MAINTENANCE, NODE_UNHEALTHY ->
          from.flatMap(Node::emptied).isPresent()
              ? holds.notOursToMove(guest, from.get())
              : Optional.of("%s no longer needs to be emptied.".formatted(order.from()));
      case FAILBACK ->
          book.home(guest).filter(home -> order.to().filter(home::equals).isPresent()).isPresent()
              ? Optional.empty()
              : Optional.of("It no longer needs to go home.");
      case REQUESTED -> holds.abandoned(guest);
    };
  }

  /** Not now, and nothing was done yet. What goes home is asked again whether it may. */
  private MoveOrder backToWaiting(MoveOrder order, String why) {
    return order.cause() == MoveCause.FAILBACK
        ? book.withdraw(order, why)
        : order.waitingAgain(why);
  }

  private MoveOrder sync(MoveOrder order, Guest guest) {
    NodeName to = order.to().orElseThrow();
    Optional<String> not =
        holds
            .paused(order.cause())
            .or(() -> together.sourceInDoubt(guest))
            .or(() -> together.companionLost(guest, to));
    if (not.isPresent()) {
      return backToWaiting(order, not.get());
    }
    Optional<Replica> replica = Optional.ofNullable(guest.replicas().get(to));
    boolean synced = replica.filter(r -> r.hasSyncedAfter(order.syncAfter())).isPresent();
    if (!synced && replica.filter(r -> r.hasFailedAfter(order.syncAfter())).isPresent()) {
      // A move begins with the same; a container would be stopped for it, in vain.
      return book.fail(
          order,
          ("The replication to %s failed, and a move would fail too; it stays. Check its "
                  + "ReplicationJob.")
              .formatted(to));
    }
    boolean late = order.isOverdue(now);
    String why =
        "The replication to %s did not succeed within %d min."
            .formatted(to, MovePlanner.SYNC_LIMIT.toMinutes());
    // Away from a node that fails is worth a try; otherwise there is no hurry.
    if (!synced && late && order.cause() != MoveCause.NODE_UNHEALTHY) {
      return book.fail(order, why);
    }
    if (synced || late) {
      return depart(
          synced
              ? order
              : order.withMessage(why + " It moves anyway, because its node is failing."),
          guest,
          to);
    }
    Optional<String> refusal = together.destinations().refusal(guest, to, order.cause());
    if (refusal.isPresent()) {
      return backToWaiting(order, refusal.get());
    }
    if (replica.isEmpty()) {
      return depart(order, guest, to);
    }
    askToReplicate(replica.get(), guest);
    return order;
  }

  /** When all that run together are ready, they go. */
  MoveOrder depart(MoveOrder order, Guest guest, NodeName to) {
    List<Guest> companions = together.companions(guest, to);
    Optional<Guest> last =
        companions.stream().filter(companion -> !together.isReady(companion, to)).findFirst();
    if (last.isPresent()) {
      return order.withMessage(
          "Replicated to %s; waiting for %s, which is kept together with it."
              .formatted(to, last.get().id()));
    }
    MoveOrder moving = move(order, guest, to);
    if (moving.phase() == MovePhase.MOVING) {
      companions.forEach(
          companion ->
              book.put(goAlong(together.orderTo(companion, to).orElseThrow(), companion, to)));
    }
    return moving;
  }

  private MoveOrder goAlong(MoveOrder order, Guest guest, NodeName to) {
    return order.phase() == MovePhase.MOVING
        ? order
        : order.moving(to, now.plus(limit(guest)), "Proxmox is moving it to %s.".formatted(to));
  }

  void askToReplicate(Replica replica, Guest guest) {
    ReplicateNow step =
        new ReplicateNow(replica.job(), guest.id(), guest.node(), "before it moves");
    boolean runsAnyway = replica.running() || replica.lastTry().isEmpty();
    if (!runsAnyway) {
      gate.want(step);
    } else if (gate.isAwaited(step.key())) {
      gate.keep(step.key(), step.sentence());
    }
  }

  private MoveOrder move(MoveOrder order, Guest guest, NodeName to) {
    Optional<String> refusal =
        together
            .destinations()
            .refusal(guest, to, order.cause())
            .or(() -> together.unsettled(guest, to));
    if (refusal.isPresent()) {
      return backToWaiting(order, refusal.get());
    }
    String words = "Proxmox is moving it to %s.".formatted(to);
    String message = order.message().contains("anyway") ? order.message() : words;
    MoveOrder moving = order.moving(to, now.plus(limit(guest)), message);
    return together.isFirst(guest, to) ? ask(moving, guest) : moving;
  }

  private static Duration limit(Guest guest) {
    return guest.id().kind() == GuestKind.CT
        ? MovePlanner.CONTAINER_LIMIT
        : MovePlanner.MACHINE_LIMIT;
  }

  private MoveOrder ask(MoveOrder order, Guest guest) {
    gate.want(step(order, guest));
    order.deadline().ifPresent(gate::lookAgainAt);
    return order;
  }

  private static MoveGuest step(MoveOrder order, Guest guest) {
    return new MoveGuest(
        order.id(),
        guest.id(),
        order.from(),
        order.to().orElseThrow(),
        guest.isManaged(),
        guest.running());
  }

  private MoveOrder follow(MoveOrder order, Guest guest) {
    NodeName to = order.to().orElseThrow();
    MoveGuest step = step(order, guest);
    Optional<PendingStep> asked = steps.pending(step.key());
    Outcome outcome = steps.outcome(step.key());
    boolean late = order.isOverdue(now);
    order.deadline().ifPresent(gate::lookAgainAt);
    if (guest.node().equals(to)) {
      boolean arrived = guest.isSettled() && guest.started();
      boolean busy = !guest.isManaged() && outcome.state() == Outcome.State.RUNNING;
      if (arrived && !busy) {
        return book.done(order, "%s is on %s.".formatted(guest.id(), to));
      }
      if (late) {
        return book.done(order, "%s is on %s, but is not running yet.".formatted(guest.id(), to));
      }
      gate.keep(step.key(), order.message());
      return order;
    }
    if (!guest.node().equals(order.from())) {
      return book.fail(order, "%s is on %s instead.".formatted(guest.id(), guest.node()));
    }
    if (guest.isOnItsWay() || outcome.state() == Outcome.State.RUNNING) {
      gate.keep(step.key(), order.message());
      return order;
    }
    if (!guest.isSettled()) {
      if (late || guest.haState().filter("error"::equals).isPresent()) {
        return book.fail(order, together.unsettled(guest).orElseThrow());
      }
      gate.keep(step.key(), order.message());
      return order;
    }
    if (outcome.state() == Outcome.State.FAILED) {
      return book.fail(order, "Proxmox refused: " + shortened(outcome.text()));
    }
    if (late || hasHadItsTries(asked)) {
      return book.fail(
          order, "Proxmox did not move it; check its tasks on %s.".formatted(order.from()));
    }
    if (view.node(order.from()).filter(node -> node.online() == Belief.YES).isEmpty()) {
      gate.keep(step.key(), order.message());
      return order;
    }
    Optional<String> off = guest.leftAlone().or(() -> holds.abandoned(guest));
    if (off.isPresent()) {
      return asked.isEmpty() ? book.withdraw(order, off.get()) : book.fail(order, off.get());
    }
    if (!together.leads(guest, to)) {
      gate.keep(step.key(), order.message());
      return order;
    }
    if (asked.filter(former -> former.deadline().isAfter(view.at())).isEmpty()) {
      // Not asked, or in vain: it may not be wanted there any more.
      Optional<String> refusal =
          together
              .destinations()
              .refusal(guest, to, order.cause())
              .or(() -> together.companionLost(guest, to));
      if (refusal.isPresent()) {
        return backToWaiting(order, refusal.get());
      }
    }
    return ask(order, guest);
  }

  private boolean hasHadItsTries(Optional<PendingStep> asked) {
    return asked
        .filter(step -> step.attempt() >= MOST_TRIES)
        .filter(step -> !step.startedAt().plus(SETTLING).isAfter(view.at()))
        .isPresent();
  }

  private static String shortened(String words) {
    String line = words.strip().replaceAll("\\s+", " ");
    return line.length() > 300 ? line.substring(0, 300) + " ..." : line;
  }
}
