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
 *   <li>at most so many guests move at once as the spec says, and home only one;
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

  /** Orders that ended, to be read by people. */
  static final int KEPT = 10;

  private static final int MOST_TRIES = 2;

  /** How long Proxmox HA may take to show that it has read what it agreed to. */
  private static final Duration SETTLING = Duration.ofMinutes(2);

  private final MoveView view;
  private final Memory steps;
  private final Instant now;
  private final Gate<MoveStep> gate;
  private final Map<String, MoveOrder> orders = new LinkedHashMap<>();
  private final Map<GuestId, AwayGuest> away = new TreeMap<>();
  private final List<Staying> staying = new ArrayList<>();

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
    List.copyOf(orders.values()).stream()
        .filter(MoveOrder::isActive)
        .forEach(order -> put(carryOn(order)));
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
              ? Optional.empty()
              : Optional.of("%s is not to be emptied any more.".formatted(order.from()));
      case FAILBACK ->
          away.containsKey(guest.id()) || guest.homing().isPresent()
              ? Optional.empty()
              : Optional.of("It is not to go home any more.");
      case REQUESTED -> Optional.empty();
    };
  }

  private MoveOrder sync(MoveOrder order, Guest guest) {
    NodeName to = order.to().orElseThrow();
    Optional<Replica> replica = Optional.ofNullable(guest.replicas().get(to));
    if (replica.filter(r -> r.hasSyncedAfter(order.syncAfter())).isPresent()) {
      return move(order, guest, to);
    }
    boolean failed = replica.filter(r -> r.hasFailedAfter(order.syncAfter())).isPresent();
    boolean late = order.deadline().filter(deadline -> !deadline.isAfter(now)).isPresent();
    if (failed) {
      // A move begins with the same; a container would be stopped for it, in vain.
      return fail(
          order,
          "The replication to %s failed, and so would a move; it stays. Look at its ReplicationJob."
              .formatted(to));
    }
    if (late) {
      String why =
          "The replication to %s did not succeed within %d min."
              .formatted(to, SYNC_LIMIT.toMinutes());
      // Away from a node that fails is worth a try; otherwise there is no hurry.
      return order.cause() == MoveCause.NODE_UNHEALTHY
          ? move(order.says(why + " It moves all the same, since its node fails."), guest, to)
          : fail(order, why);
    }
    Optional<String> refusal = destinations().refusal(guest, to, order.cause());
    if (refusal.isPresent()) {
      return order.waitingAgain(refusal.get());
    }
    replica.ifPresent(found -> askToReplicate(found, guest));
    return order;
  }

  private void askToReplicate(Replica replica, Guest guest) {
    ReplicateNow step = new ReplicateNow(replica.job(), guest.id(), guest.node());
    boolean runsAnyway = replica.running() || replica.lastTry().isEmpty();
    if (!runsAnyway) {
      gate.want(step);
    } else if (gate.isAwaited(step.key())) {
      gate.keep(step.key(), step.sentence());
    }
  }

  private MoveOrder move(MoveOrder order, Guest guest, NodeName to) {
    Optional<String> refusal =
        destinations().refusal(guest, to, order.cause()).or(() -> unsettled(guest));
    if (refusal.isPresent()) {
      return order.waitingAgain(refusal.get());
    }
    String words = "Proxmox moves it to %s.".formatted(to);
    String message = order.message().contains("all the same") ? order.message() : words;
    MoveOrder moving = order.moving(to, now.plus(limit(guest)), message);
    return ask(moving, guest);
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
    if (asked.isEmpty()) {
      Optional<String> refusal = destinations().refusal(guest, to, order.cause());
      if (refusal.isPresent()) {
        return order.waitingAgain(refusal.get());
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
    if (node.inProxmoxMaintenance() && guest.isManaged()) {
      return Optional.of("Proxmox HA moves it by its own maintenance mode.");
    }
    if (!guest.isManaged() && !view.settings().moveUnmanaged()) {
      return Optional.of(
          "It is not under HA; move it by hand, or write health.unmanagedGuests: Move.");
    }
    if (cause == MoveCause.NODE_UNHEALTHY && view.settings().still().isPresent()) {
      return view.settings().still();
    }
    Optional<MoveOrder> failed = failedLately(guest.id());
    failed.ifPresent(order -> gate.lookAgainAt(order.finishedAt().orElseThrow().plus(PAUSE)));
    return failed.map(MoveOrder::message);
  }

  private Optional<MoveOrder> failedLately(GuestId guest) {
    return orders.values().stream()
        .filter(order -> order.guest().equals(guest) && order.phase() == MovePhase.FAILED)
        .filter(order -> !order.isWithdrawn() && order.cause() != MoveCause.REQUESTED)
        .filter(order -> order.finishedAt().orElseThrow().plus(PAUSE).isAfter(now))
        .max(Comparator.comparing(order -> order.finishedAt().orElseThrow()));
  }

  // Those that wait

  private void begin(Guest guest, MoveOrder order) {
    if (order.phase() != MovePhase.WAITING) {
      return;
    }
    Optional<String> hold = unsettled(guest).or(() -> noPlace(order));
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
    put(to.map(node -> begin(guest, order, node)).orElseGet(() -> order.says(why.strip())));
  }

  private Optional<String> noPlace(MoveOrder order) {
    if (view.node(order.from()).filter(node -> node.online() == Belief.YES).isEmpty()) {
      return Optional.of("It is not sure that %s is online.".formatted(order.from()));
    }
    long underWay = underWay();
    return underWay >= (order.cause() == MoveCause.FAILBACK ? 1 : view.settings().maxConcurrent())
        ? Optional.of("It waits for its turn.")
        : Optional.empty();
  }

  private long underWay() {
    return orders.values().stream().filter(order -> order.phase().isUnderWay()).count();
  }

  private MoveOrder begin(Guest guest, MoveOrder order, NodeName to) {
    Optional<Replica> replica = Optional.ofNullable(guest.replicas().get(to));
    if (replica.isEmpty()) {
      return move(order, guest, to);
    }
    Instant until = now.plus(SYNC_LIMIT);
    gate.lookAgainAt(until);
    askToReplicate(replica.get(), guest);
    return order.syncing(
        to,
        replica.get().latestStart(),
        until,
        "It is replicated to %s before it moves.".formatted(to));
  }

  // Going home

  private void returnHome(Guest guest) {
    if (active(guest.id()).isPresent()
        || underWay() > 0
        || !guest.isSettled()
        || guest.leftAlone().isPresent()
        || view.settings().still().isPresent()
        || failedLately(guest.id()).isPresent()) {
      return;
    }
    Optional<NodeName> home =
        Optional.ofNullable(away.get(guest.id()))
            .filter(each -> isWell(each.home(), view.settings().healthyDelay()))
            .map(AwayGuest::home)
            .or(() -> homing(guest));
    home.filter(node -> !node.equals(guest.node()))
        .filter(node -> destinations().refusal(guest, node, MoveCause.FAILBACK).isEmpty())
        .filter(node -> view.node(guest.node()).filter(n -> n.online() == Belief.YES).isPresent())
        .ifPresent(
            node -> {
              MoveOrder order =
                  MoveOrder.waiting(
                      MoveOrder.id(guest.id(), MoveCause.FAILBACK, now),
                      guest.id(),
                      guest.node(),
                      Optional.of(node),
                      MoveCause.FAILBACK,
                      now,
                      Optional.of(now.plus(REQUEST_LIMIT)));
              put(begin(guest, order, node));
            });
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
    boolean waits =
        order.map(MoveOrder::message).filter("It waits for its turn."::equals).isPresent();
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
