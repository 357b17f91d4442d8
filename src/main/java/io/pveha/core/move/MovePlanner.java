package io.pveha.core.move;

import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.GuestKind;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.move.MovePlan.Staying;
import io.pveha.core.move.MoveStep.MoveGuest;
import io.pveha.core.move.MoveStep.ReplicateNow;
import io.pveha.core.move.MoveView.Guest;
import io.pveha.core.move.MoveView.Homing;
import io.pveha.core.move.MoveView.Node;
import io.pveha.core.move.MoveView.Replica;
import io.pveha.core.move.MoveView.Request;
import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Outcome;
import io.pveha.core.plan.PendingStep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Plans moves of guests. Steps: what became of the orders under way; which new ones there are;
 * which of those that wait may begin. Properties kept:
 *
 * <ol>
 *   <li>nothing is begun, ended or asked while nobody can be sure of the view;
 *   <li>a guest goes only to a node that is surely online, takes guests, is allowed, and has its
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

  static final String TURN = "It waits for its turn.";

  /** Orders that ended, to be read by people. */
  static final int KEPT = 10;

  private static final int MOST_TRIES = 2;

  private static final Comparator<Guest> LEADERS =
      Comparator.comparing((Guest guest) -> guest.id().kind() == GuestKind.CT || !guest.running())
          .thenComparing(Guest::id);

  /** How long Proxmox HA may take to show that it has read what it agreed to. */
  private static final Duration SETTLING = Duration.ofMinutes(2);

  private final MoveView view;
  private final Memory steps;
  private final Instant now;
  private final Gate<MoveStep> gate;
  private final Map<String, MoveOrder> orders = new LinkedHashMap<>();
  private final Map<GuestId, AwayGuest> away = new TreeMap<>();
  private final List<Staying> staying = new ArrayList<>();
  private boolean lineUp;

  private MovePlanner(MoveView view, MoveMemory memory, Memory steps, Instant now) {
    this.view = view;
    this.steps = steps;
    this.now = now;
    this.gate = new Gate<>(steps, view.at(), now);
    memory.orders().forEach(order -> orders.put(order.id(), order));
    memory.away().forEach(guest -> away.put(guest.guest(), guest));
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
    for (String id : List.copyOf(orders.keySet())) {
      // One that runs together with an earlier one may have changed by it.
      Optional.of(orders.get(id)).filter(MoveOrder::isActive).ifPresent(o -> put(carryOn(o)));
    }
    bringAwayUpToDate();
    List<Guest> guests = view.guests().stream().sorted(Guest.ORDER).toList();
    guests.forEach(this::order);
    guests.forEach(guest -> active(guest.id()).ifPresent(order -> begin(guest, order)));
    guests.forEach(this::returnHome);
    guests.forEach(this::tellWhyItStays);
    return new MovePlan(new MoveMemory(kept(), List.copyOf(away.values())), gate.plan(), staying);
  }

  private void put(MoveOrder order) {
    orders.put(order.id(), order);
  }

  private Optional<MoveOrder> active(GuestId guest) {
    return orders.values().stream()
        .filter(order -> order.isActive() && order.guest().equals(guest))
        .findFirst();
  }

  private Destinations destinations() {
    return new Destinations(view, orders.values());
  }

  // What became of orders under way

  private MoveOrder carryOn(MoveOrder order) {
    Optional<Guest> guest = view.guest(order.guest());
    if (guest.isEmpty()) {
      return fail(order, "%s is gone.".formatted(order.guest()));
    }
    return switch (order.phase()) {
      case WAITING, SYNCING -> prepare(order, guest.get());
      case MOVING -> follow(order, guest.get());
      case DONE, FAILED -> order;
    };
  }

  private MoveOrder prepare(MoveOrder order, Guest guest) {
    if (order.cause().namesTarget() && order.to().filter(guest.node()::equals).isPresent()) {
      return done(order, "%s is on %s already.".formatted(guest.id(), guest.node()));
    }
    if (!guest.node().equals(order.from())) {
      return withdraw(order, "%s left %s without our doing.".formatted(guest.id(), order.from()));
    }
    if (order.deadline().filter(deadline -> !deadline.isAfter(now)).isPresent()
        && order.phase() == MovePhase.WAITING) {
      return fail(order, "Its turn did not come in time. " + order.message());
    }
    Optional<String> gone = causeGone(order, guest);
    if (gone.isPresent()) {
      return withdraw(order, gone.get());
    }
    order.deadline().ifPresent(gate::lookAgainAt);
    return order.phase() == MovePhase.SYNCING ? sync(order, guest) : order;
  }

  /** Why the order is not wanted any more. */
  private Optional<String> causeGone(MoveOrder order, Guest guest) {
    Optional<Node> from = view.node(order.from());
    if (from.filter(node -> node.online() == Belief.NO).isPresent()) {
      return Optional.of("%s is offline; its guests are Proxmox HA's.".formatted(order.from()));
    }
    if (guest.leftAlone().isPresent()) {
      return guest.leftAlone();
    }
    return switch (order.cause()) {
      case MAINTENANCE, NODE_UNHEALTHY ->
          from.flatMap(Node::emptied).isPresent()
              ? handsOff(guest, from.get())
              : Optional.of("%s is not to be emptied any more.".formatted(order.from()));
      case FAILBACK ->
          home(guest).filter(home -> order.to().filter(home::equals).isPresent()).isPresent()
              ? Optional.empty()
              : Optional.of("It is not to go home any more.");
      case REQUESTED -> abandoned(guest);
    };
  }

  /** Why its node is not to be emptied of it by us. */
  private Optional<String> handsOff(Guest guest, Node node) {
    if (node.inProxmoxMaintenance() && guest.isManaged()) {
      return Optional.of("Proxmox HA moves it by its own maintenance mode.");
    }
    return guest.isManaged() || view.settings().moveUnmanaged()
        ? Optional.empty()
        : Optional.of(
            "It is not under HA; move it by hand, or write health.unmanagedGuests: Move.");
  }

  /** Where it is to go back to, if that is well. */
  private Optional<NodeName> home(Guest guest) {
    return Optional.ofNullable(away.get(guest.id()))
        .map(AwayGuest::home)
        .or(() -> guest.homing().map(Homing::home));
  }

  /** Why nothing of this kind is done now. */
  private Optional<String> still(MoveCause cause) {
    return switch (cause) {
      case NODE_UNHEALTHY, FAILBACK -> view.settings().still();
      case MAINTENANCE, REQUESTED -> Optional.empty();
    };
  }

  /** Not now, and nothing was done yet. What goes home is asked again whether it may. */
  private MoveOrder backToWaiting(MoveOrder order, String why) {
    return order.cause() == MoveCause.FAILBACK ? withdraw(order, why) : order.waitingAgain(why);
  }

  // Guests that run together

  /** Those that go with it, without itself. */
  private List<Guest> mates(Guest guest, NodeName to) {
    return destinations().travellers(guest, to).stream()
        .filter(mate -> !mate.id().equals(guest.id()))
        .toList();
  }

  private Optional<MoveOrder> orderTo(Guest guest, NodeName to) {
    return active(guest.id())
        .filter(order -> order.phase().isUnderWay())
        .filter(order -> order.to().filter(to::equals).isPresent());
  }

  /** Who of those that run together does not go along any more. */
  private Optional<String> deserted(Guest guest, NodeName to) {
    return mates(guest, to).stream()
        .filter(mate -> orderTo(mate, to).isEmpty() && !mate.isOnItsWay())
        .findFirst()
        .map(
            mate ->
                Destinations.together(
                    mate,
                    latest(mate.id())
                        .map(MoveOrder::message)
                        .orElse("it does not go to %s.".formatted(to))));
  }

  private Optional<MoveOrder> latest(GuestId guest) {
    return orders.values().stream()
        .filter(order -> order.guest().equals(guest))
        .max(Comparator.comparing(MoveOrder::startedAt).thenComparing(MoveOrder::id));
  }

  private boolean isReady(Guest guest, NodeName to) {
    Optional<Replica> replica = Optional.ofNullable(guest.replicas().get(to));
    return orderTo(guest, to)
        .filter(
            order ->
                order.phase() == MovePhase.MOVING
                    || replica.filter(r -> !r.hasSyncedAfter(order.syncAfter())).isEmpty()
                    || isLate(order) && order.cause() == MoveCause.NODE_UNHEALTHY)
        .isPresent();
  }

  /** Of those that move as one Proxmox HA is asked for one: a VM, so that all move as VMs may. */
  private boolean leads(Guest guest, NodeName to) {
    return mates(guest, to).stream()
        .filter(mate -> orderTo(mate, to).filter(o -> o.phase() == MovePhase.MOVING).isPresent())
        .noneMatch(mate -> LEADERS.compare(mate, guest) < 0);
  }

  private boolean isLate(MoveOrder order) {
    return order.deadline().filter(deadline -> !deadline.isAfter(now)).isPresent();
  }

  private MoveOrder sync(MoveOrder order, Guest guest) {
    NodeName to = order.to().orElseThrow();
    Optional<String> not =
        still(order.cause()).or(() -> sourceInDoubt(guest)).or(() -> deserted(guest, to));
    if (not.isPresent()) {
      return backToWaiting(order, not.get());
    }
    Optional<Replica> replica = Optional.ofNullable(guest.replicas().get(to));
    boolean synced = replica.filter(r -> r.hasSyncedAfter(order.syncAfter())).isPresent();
    if (!synced && replica.filter(r -> r.hasFailedAfter(order.syncAfter())).isPresent()) {
      // A move begins with the same; a container would be stopped for it, in vain.
      return fail(
          order,
          "The replication to %s failed, and so would a move; it stays. Look at its ReplicationJob."
              .formatted(to));
    }
    boolean late = isLate(order);
    String why =
        "The replication to %s did not succeed within %d min."
            .formatted(to, SYNC_LIMIT.toMinutes());
    // Away from a node that fails is worth a try; otherwise there is no hurry.
    if (!synced && late && order.cause() != MoveCause.NODE_UNHEALTHY) {
      return fail(order, why);
    }
    if (synced || late) {
      return depart(
          synced ? order : order.says(why + " It moves all the same, since its node fails."),
          guest,
          to);
    }
    Optional<String> refusal = destinations().refusal(guest, to, order.cause());
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
  private MoveOrder depart(MoveOrder order, Guest guest, NodeName to) {
    List<Guest> mates = mates(guest, to);
    Optional<Guest> last = mates.stream().filter(mate -> !isReady(mate, to)).findFirst();
    if (last.isPresent()) {
      return order.says(
          "It is replicated to %s, and waits for %s, which runs together with it."
              .formatted(to, last.get().id()));
    }
    MoveOrder moving = move(order, guest, to);
    if (moving.phase() == MovePhase.MOVING) {
      mates.forEach(mate -> put(goAlong(orderTo(mate, to).orElseThrow(), mate, to)));
    }
    return moving;
  }

  private MoveOrder goAlong(MoveOrder order, Guest guest, NodeName to) {
    return order.phase() == MovePhase.MOVING
        ? order
        : order.moving(to, now.plus(limit(guest)), "Proxmox moves it to %s.".formatted(to));
  }

  private void askToReplicate(Replica replica, Guest guest) {
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
        destinations().refusal(guest, to, order.cause()).or(() -> unsettled(guest, to));
    if (refusal.isPresent()) {
      return backToWaiting(order, refusal.get());
    }
    String words = "Proxmox moves it to %s.".formatted(to);
    String message = order.message().contains("all the same") ? order.message() : words;
    MoveOrder moving = order.moving(to, now.plus(limit(guest)), message);
    boolean leads = mates(guest, to).stream().noneMatch(mate -> LEADERS.compare(mate, guest) < 0);
    return leads ? ask(moving, guest) : moving;
  }

  /** The first of those that would move whom Proxmox HA is busy with. */
  private Optional<String> unsettled(Guest guest, NodeName to) {
    return unsettled(guest)
        .or(() -> mates(guest, to).stream().flatMap(m -> unsettled(m).stream()).findFirst());
  }

  private static Optional<String> unsettled(Guest guest) {
    return guest.isSettled()
        ? Optional.empty()
        : Optional.of(
            "Proxmox HA has %s in state %s.".formatted(guest.id(), guest.haState().orElse("")));
  }

  private static Duration limit(Guest guest) {
    return guest.id().kind() == GuestKind.CT ? CONTAINER_LIMIT : MACHINE_LIMIT;
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
    boolean late = order.deadline().filter(deadline -> !deadline.isAfter(now)).isPresent();
    order.deadline().ifPresent(gate::lookAgainAt);
    if (guest.node().equals(to)) {
      boolean arrived = guest.isSettled() && guest.started();
      boolean busy = !guest.isManaged() && outcome.state() == Outcome.State.RUNNING;
      if (arrived && !busy) {
        return done(order, "%s is on %s.".formatted(guest.id(), to));
      }
      if (late) {
        return done(order, "%s is on %s, but does not run yet.".formatted(guest.id(), to));
      }
      gate.keep(step.key(), order.message());
      return order;
    }
    if (!guest.node().equals(order.from())) {
      return fail(order, "%s is on %s instead.".formatted(guest.id(), guest.node()));
    }
    if (guest.isOnItsWay() || outcome.state() == Outcome.State.RUNNING) {
      gate.keep(step.key(), order.message());
      return order;
    }
    if (!guest.isSettled()) {
      if (late || guest.haState().filter("error"::equals).isPresent()) {
        return fail(order, unsettled(guest).orElseThrow());
      }
      gate.keep(step.key(), order.message());
      return order;
    }
    if (outcome.state() == Outcome.State.FAILED) {
      return fail(order, "Proxmox refuses: " + shortened(outcome.text()));
    }
    if (late || hasHadItsTries(asked)) {
      return fail(
          order, "Proxmox did not move it; look into its tasks on %s.".formatted(order.from()));
    }
    if (view.node(order.from()).filter(node -> node.online() == Belief.YES).isEmpty()) {
      gate.keep(step.key(), order.message());
      return order;
    }
    Optional<String> off = guest.leftAlone().or(() -> abandoned(guest));
    if (off.isPresent()) {
      return asked.isEmpty() ? withdraw(order, off.get()) : fail(order, off.get());
    }
    if (!leads(guest, to)) {
      gate.keep(step.key(), order.message());
      return order;
    }
    if (asked.filter(former -> former.deadline().isAfter(view.at())).isEmpty()) {
      // Not asked, or in vain: it may not be wanted there any more.
      Optional<String> refusal =
          destinations().refusal(guest, to, order.cause()).or(() -> deserted(guest, to));
      if (refusal.isPresent()) {
        return backToWaiting(order, refusal.get());
      }
    }
    return ask(order, guest);
  }

  /** Whether HA gave it up meanwhile, and those outside HA are not for us to move. */
  private Optional<String> abandoned(Guest guest) {
    boolean ours =
        guest.isManaged() || view.settings().moveUnmanaged() || guest.request().isPresent();
    return ours ? Optional.empty() : Optional.of("%s left HA meanwhile.".formatted(guest.id()));
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

  private MoveOrder fail(MoveOrder order, String why) {
    return order.ended(MovePhase.FAILED, now, why);
  }

  /** Ended without anything being done, and without a pause before the next. */
  private MoveOrder withdraw(MoveOrder order, String why) {
    return order.ended(MovePhase.FAILED, now, MoveOrder.WITHDRAWN + why);
  }

  private MoveOrder done(MoveOrder order, String words) {
    GuestId guest = order.guest();
    NodeName to = order.to().orElseThrow();
    Optional<AwayGuest> former = Optional.ofNullable(away.get(guest));
    switch (order.cause()) {
      case MAINTENANCE ->
          away.put(
              guest,
              new AwayGuest(
                  guest,
                  former.map(AwayGuest::home).orElse(order.from()),
                  to,
                  former.map(AwayGuest::since).orElse(now)));
      case NODE_UNHEALTHY ->
          former.ifPresent(
              was -> away.put(guest, new AwayGuest(guest, was.home(), to, was.since())));
      case FAILBACK, REQUESTED -> away.remove(guest);
    }
    return order.ended(MovePhase.DONE, now, words);
  }

  /** A guest that is not where we brought it was moved by its owner, or lost its node. */
  private void bringAwayUpToDate() {
    for (AwayGuest each : List.copyOf(away.values())) {
      Optional<Guest> guest = view.guest(each.guest());
      boolean ours = guest.filter(found -> found.node().equals(each.at())).isPresent();
      boolean onItsWay =
          guest.filter(Guest::isOnItsWay).isPresent() || active(each.guest()).isPresent();
      boolean homeGone = view.node(each.home()).isEmpty();
      boolean isHome = guest.filter(found -> found.node().equals(each.home())).isPresent();
      if (homeGone || isHome && !onItsWay || !ours && !onItsWay) {
        away.remove(each.guest());
      }
    }
  }

  // New orders

  private void order(Guest guest) {
    guest.request().ifPresent(request -> request(guest, request));
    Optional<Node> node = view.node(guest.node());
    Optional<MoveCause> cause = node.flatMap(Node::emptied);
    if (cause.isPresent()
        && active(guest.id()).isEmpty()
        && !guest.isOnItsWay()
        && mustStay(guest, node.get(), cause.get()).isEmpty()) {
      put(
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
    if (orders.containsKey(id)) {
      return;
    }
    Optional<MoveOrder> other = active(guest.id());
    if (other.filter(order -> order.phase() == MovePhase.MOVING).isPresent()) {
      return;
    }
    other.ifPresent(order -> put(withdraw(order, "its owner asks for another move.")));
    NodeName to;
    try {
      to = new NodeName(request.to());
    } catch (IllegalArgumentException noName) {
      put(
          fail(
              requested(id, guest, Optional.empty()),
              "%s is no name of a node.".formatted(request.to())));
      return;
    }
    MoveOrder order = requested(id, guest, Optional.of(to));
    if (to.equals(guest.node())) {
      put(done(order, "%s is on %s already.".formatted(guest.id(), to)));
      return;
    }
    Optional<String> refusal =
        guest.leftAlone().or(() -> destinations().refusal(guest, to, MoveCause.REQUESTED));
    put(refusal.map(why -> fail(order, why)).orElse(order));
  }

  private MoveOrder requested(String id, Guest guest, Optional<NodeName> to) {
    return MoveOrder.waiting(
        id,
        guest.id(),
        guest.node(),
        to,
        MoveCause.REQUESTED,
        now,
        Optional.of(now.plus(REQUEST_LIMIT)));
  }

  /** Why a guest on a node that is to be emptied gets no order now. */
  private Optional<String> mustStay(Guest guest, Node node, MoveCause cause) {
    if (guest.leftAlone().isPresent()) {
      return guest.leftAlone();
    }
    if (node.online() != Belief.YES) {
      return Optional.of(
          "%s is not surely online; its guests are Proxmox HA's.".formatted(node.name()));
    }
    return handsOff(guest, node)
        .or(() -> still(cause))
        .or(() -> failedLately(guest.id()).map(MoveOrder::message))
        .or(() -> keptByMate(guest));
  }

  /** Those that run together stay together. */
  private Optional<String> keptByMate(Guest guest) {
    return view.party(guest).stream()
        .filter(mate -> !mate.id().equals(guest.id()))
        .flatMap(
            mate ->
                mate
                    .leftAlone()
                    .or(() -> failedLately(mate.id()).map(MoveOrder::message))
                    .map(why -> Destinations.together(mate, why))
                    .stream())
        .findFirst();
  }

  private Optional<MoveOrder> failedLately(GuestId guest) {
    Optional<MoveOrder> failed =
        orders.values().stream()
            .filter(order -> order.guest().equals(guest) && order.phase() == MovePhase.FAILED)
            .filter(order -> !order.isWithdrawn() && order.cause() != MoveCause.REQUESTED)
            .filter(order -> order.finishedAt().orElseThrow().plus(PAUSE).isAfter(now))
            .max(Comparator.comparing(order -> order.finishedAt().orElseThrow()));
    failed.ifPresent(order -> gate.lookAgainAt(order.finishedAt().orElseThrow().plus(PAUSE)));
    return failed;
  }

  // Those that wait

  private void begin(Guest guest, MoveOrder order) {
    if (order.phase() != MovePhase.WAITING) {
      return;
    }
    Optional<String> hold =
        still(order.cause())
            .or(() -> keptByMate(guest))
            .or(() -> sourceInDoubt(guest))
            .or(() -> busy(guest))
            .or(() -> noPlace(guest, order));
    if (hold.isPresent()) {
      put(order.says(hold.get()));
      return;
    }
    Optional<NodeName> to;
    String why;
    if (order.cause().namesTarget()) {
      Optional<String> refusal =
          destinations().refusal(guest, order.to().orElseThrow(), order.cause());
      to = refusal.isPresent() ? Optional.empty() : order.to();
      why = refusal.orElse("");
    } else {
      Destinations.Choice choice = destinations().choose(guest, order.cause());
      to = choice.node();
      why = "No node may take it now. " + choice.why();
    }
    Optional<String> torn = to.flatMap(node -> torn(guest, node));
    if (to.isEmpty() || torn.isPresent()) {
      put(order.says(torn.orElse(why).strip()));
    } else {
      begin(guest, order, to.get());
    }
  }

  /** Of the guest, or of one that runs together with it. */
  private Optional<String> sourceInDoubt(Guest guest) {
    return view.party(guest).stream()
        .map(Guest::node)
        .filter(name -> view.node(name).filter(node -> node.online().isYes()).isEmpty())
        .findFirst()
        .map("It is not sure that %s is online."::formatted);
  }

  private Optional<String> busy(Guest guest) {
    return view.party(guest).stream().flatMap(each -> unsettled(each).stream()).findFirst();
  }

  /** Whether the owner of one that runs together wants it elsewhere. */
  private Optional<String> torn(Guest guest, NodeName to) {
    return mates(guest, to).stream()
        .flatMap(mate -> active(mate.id()).stream())
        .filter(order -> order.cause().namesTarget())
        .filter(order -> order.to().filter(to::equals).isEmpty())
        .findFirst()
        .map(
            order ->
                "%s runs together with it, and is to go to %s."
                    .formatted(order.guest(), order.to().orElseThrow()));
  }

  /** Those that run together take all their places at once; a party too big for that goes alone. */
  private Optional<String> noPlace(Guest guest, MoveOrder order) {
    long underWay = underWay();
    long wanted = underWay + view.party(guest).size();
    long places = order.cause() == MoveCause.FAILBACK ? 1 : view.settings().maxConcurrent();
    boolean full = wanted > places && underWay > 0;
    // Less urgent ones do not overtake.
    lineUp |= full;
    return lineUp ? Optional.of(TURN) : Optional.empty();
  }

  private long underWay() {
    return orders.values().stream().filter(order -> order.phase().isUnderWay()).count();
  }

  /** The guest and all that run together with it. */
  private void begin(Guest guest, MoveOrder order, NodeName to) {
    List<Guest> mates = mates(guest, to);
    put(prepared(guest, order, to));
    mates.forEach(
        mate -> {
          if (orderTo(mate, to).isEmpty()) {
            MoveOrder own = active(mate.id()).orElseGet(() -> companion(mate, order, to));
            put(prepared(mate, own, to));
          }
        });
    Optional<Replica> replica = Optional.ofNullable(guest.replicas().get(to));
    if (replica.isEmpty()) {
      put(depart(orders.get(order.id()), guest, to));
    }
  }

  private MoveOrder prepared(Guest guest, MoveOrder order, NodeName to) {
    Optional<Replica> replica = Optional.ofNullable(guest.replicas().get(to));
    Instant until = now.plus(SYNC_LIMIT);
    gate.lookAgainAt(until);
    replica.ifPresent(found -> askToReplicate(found, guest));
    return order.syncing(
        to,
        replica.flatMap(Replica::latestStart),
        until,
        "It is replicated to %s before it moves.".formatted(to));
  }

  /** An order for one that goes only because another goes. */
  private MoveOrder companion(Guest mate, MoveOrder order, NodeName to) {
    return MoveOrder.waiting(
        MoveOrder.id(mate.id(), order.cause(), order.startedAt()),
        mate.id(),
        mate.node(),
        order.cause().namesTarget() ? Optional.of(to) : Optional.empty(),
        order.cause(),
        now,
        order.deadline());
  }

  // Going home

  /** All that run together want to go there, or none goes. */
  private void returnHome(Guest guest) {
    if (underWay() > 0 || view.settings().still().isPresent()) {
      return;
    }
    List<Guest> party = view.party(guest);
    if (party.stream().anyMatch(each -> !mayGoHome(each))) {
      return;
    }
    Optional<NodeName> home = wayHome(guest).filter(node -> !node.equals(guest.node()));
    home.filter(
            node ->
                destinations().travellers(guest, node).stream()
                    .allMatch(each -> wayHome(each).filter(node::equals).isPresent()))
        .filter(node -> destinations().refusal(guest, node, MoveCause.FAILBACK).isEmpty())
        .filter(node -> sourceInDoubt(guest).isEmpty())
        .ifPresent(
            node ->
                begin(
                    guest,
                    MoveOrder.waiting(
                        MoveOrder.id(guest.id(), MoveCause.FAILBACK, now),
                        guest.id(),
                        guest.node(),
                        Optional.of(node),
                        MoveCause.FAILBACK,
                        now,
                        Optional.of(now.plus(REQUEST_LIMIT))),
                    node));
  }

  private boolean mayGoHome(Guest guest) {
    return active(guest.id()).isEmpty()
        && guest.isSettled()
        && guest.leftAlone().isEmpty()
        && (guest.isManaged() || view.settings().moveUnmanaged())
        && failedLately(guest.id()).isEmpty();
  }

  private Optional<NodeName> wayHome(Guest guest) {
    return Optional.ofNullable(away.get(guest.id()))
        .filter(each -> isWell(each.home(), view.settings().healthyDelay()))
        .map(AwayGuest::home)
        .or(() -> homing(guest));
  }

  private Optional<NodeName> homing(Guest guest) {
    if (guest.homing().isEmpty() || away.containsKey(guest.id())) {
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

  // What is told and kept

  private void tellWhyItStays(Guest guest) {
    Optional<Node> node = view.node(guest.node());
    Optional<MoveCause> cause = node.flatMap(Node::emptied);
    if (cause.isEmpty()) {
      return;
    }
    Optional<MoveOrder> order = active(guest.id());
    boolean underWay = order.filter(o -> o.phase().isUnderWay()).isPresent() || guest.isOnItsWay();
    boolean waits = order.map(MoveOrder::message).filter(TURN::equals).isPresent();
    String why =
        order
            .map(MoveOrder::message)
            .or(() -> mustStay(guest, node.get(), cause.get()))
            .orElse("It is on its way.");
    staying.add(new Staying(guest.id(), guest.node(), underWay || waits, why));
  }

  /** All that are active, the last that ended, and those that their owner has not read yet. */
  private List<MoveOrder> kept() {
    List<MoveOrder> kept = new ArrayList<>();
    List<MoveOrder> ended = new ArrayList<>();
    for (MoveOrder order : orders.values()) {
      boolean unread =
          view.guest(order.guest())
              .flatMap(Guest::request)
              .filter(r -> MoveOrder.idOfRequest(order.guest(), r.at()).equals(order.id()))
              .isPresent();
      (order.isActive() || unread ? kept : ended).add(order);
    }
    ended.sort(
        Comparator.comparing((MoveOrder order) -> order.finishedAt().orElseThrow())
            .thenComparing(MoveOrder::id)
            .reversed());
    kept.sort(Comparator.comparing(MoveOrder::startedAt).thenComparing(MoveOrder::id));
    ended.stream().limit(KEPT).forEach(kept::add);
    return Collections.unmodifiableList(kept);
  }
}
