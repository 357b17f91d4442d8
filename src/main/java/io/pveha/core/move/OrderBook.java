package io.pveha.core.move;

import io.pveha.api.v1alpha1.MovePhase;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.move.MoveView.Guest;
import io.pveha.core.move.MoveView.Homing;
import io.pveha.core.plan.Gate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The orders of one look and the guests that are away from home. */
final class OrderBook {

  private final MoveView view;
  private final Gate<MoveStep> gate;
  private final Instant now;
  private final Map<String, MoveOrder> orders = new LinkedHashMap<>();
  private final Map<GuestId, AwayGuest> away = new TreeMap<>();

  OrderBook(MoveView view, MoveMemory memory, Gate<MoveStep> gate) {
    this.view = view;
    this.gate = gate;
    this.now = gate.now();
    memory.orders().forEach(order -> orders.put(order.id(), order));
    memory.away().forEach(guest -> away.put(guest.guest(), guest));
  }

  /** Identifiers of all orders, oldest first. */
  List<String> ids() {
    return List.copyOf(orders.keySet());
  }

  Collection<MoveOrder> all() {
    return orders.values();
  }

  Optional<MoveOrder> find(String id) {
    return Optional.ofNullable(orders.get(id));
  }

  Optional<AwayGuest> away(GuestId guest) {
    return Optional.ofNullable(away.get(guest));
  }

  /** What is remembered until the next look. */
  MoveMemory memory() {
    return new MoveMemory(kept(), List.copyOf(away.values()));
  }

  void put(MoveOrder order) {
    orders.put(order.id(), order);
  }

  Optional<MoveOrder> active(GuestId guest) {
    return orders.values().stream()
        .filter(order -> order.isActive() && order.guest().equals(guest))
        .findFirst();
  }

  Optional<MoveOrder> latest(GuestId guest) {
    return orders.values().stream()
        .filter(order -> order.guest().equals(guest))
        .max(Comparator.comparing(MoveOrder::startedAt).thenComparing(MoveOrder::id));
  }

  long underWay() {
    return orders.values().stream().filter(order -> order.phase().isUnderWay()).count();
  }

  MoveOrder fail(MoveOrder order, String why) {
    return order.ended(MovePhase.FAILED, now, why);
  }

  /** Ended without anything being done, and without a pause before the next. */
  MoveOrder withdraw(MoveOrder order, String why) {
    return order.ended(MovePhase.FAILED, now, MoveOrder.WITHDRAWN + why);
  }

  MoveOrder done(MoveOrder order, String words) {
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

  Optional<MoveOrder> failedLately(GuestId guest) {
    Optional<MoveOrder> failed =
        orders.values().stream()
            .filter(order -> order.guest().equals(guest) && order.phase() == MovePhase.FAILED)
            .filter(order -> !order.isWithdrawn() && order.cause() != MoveCause.REQUESTED)
            .filter(order -> order.finishedAt().orElseThrow().plus(MovePlanner.PAUSE).isAfter(now))
            .max(Comparator.comparing(order -> order.finishedAt().orElseThrow()));
    failed.ifPresent(
        order -> gate.lookAgainAt(order.finishedAt().orElseThrow().plus(MovePlanner.PAUSE)));
    return failed;
  }

  /** Where it is to go back to, if that is well. */
  Optional<NodeName> home(Guest guest) {
    return Optional.ofNullable(away.get(guest.id()))
        .map(AwayGuest::home)
        .or(() -> guest.homing().map(Homing::home));
  }

  /** A guest that is not where we brought it was moved by its owner, or lost its node. */
  void bringAwayUpToDate() {
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

  /** All that are active, the last that ended, and those that their owner has not read yet. */
  List<MoveOrder> kept() {
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
    ended.stream().limit(MovePlanner.KEPT).forEach(kept::add);
    return Collections.unmodifiableList(kept);
  }
}
