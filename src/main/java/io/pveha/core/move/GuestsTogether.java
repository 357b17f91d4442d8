package io.pveha.core.move;

import io.pveha.api.v1alpha1.MovePhase;
import io.pveha.core.cluster.GuestKind;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.move.MoveView.Guest;
import io.pveha.core.move.MoveView.Replica;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Guests that run together: they are prepared one by one and moved as one, or not at all. */
final class GuestsTogether {

  /** Of those that move as one, the order in which Proxmox HA is asked: VMs first. */
  private static final Comparator<Guest> LEADERS =
      Comparator.comparing((Guest guest) -> guest.id().kind() == GuestKind.CT || !guest.running())
          .thenComparing(Guest::id);

  private final MoveView view;
  private final OrderBook book;
  private final Instant now;

  GuestsTogether(MoveView view, OrderBook book, Instant now) {
    this.view = view;
    this.book = book;
    this.now = now;
  }

  /** Where guests may go, by the orders that are known so far. */
  Destinations destinations() {
    return new Destinations(view, book.all());
  }

  /** Whether Proxmox HA is asked to move this one, and takes the others along. */
  boolean isFirst(Guest guest, NodeName to) {
    return companions(guest, to).stream()
        .noneMatch(companion -> LEADERS.compare(companion, guest) < 0);
  }

  /** Those that go with it, without itself. */
  List<Guest> companions(Guest guest, NodeName to) {
    return destinations().travellers(guest, to).stream()
        .filter(companion -> !companion.id().equals(guest.id()))
        .toList();
  }

  Optional<MoveOrder> orderTo(Guest guest, NodeName to) {
    return book.active(guest.id())
        .filter(order -> order.phase().isUnderWay())
        .filter(order -> order.to().filter(to::equals).isPresent());
  }

  /** Who of those that run together does not go along any more. */
  Optional<String> companionLost(Guest guest, NodeName to) {
    return companions(guest, to).stream()
        .filter(companion -> orderTo(companion, to).isEmpty() && !companion.isOnItsWay())
        .findFirst()
        .map(
            companion ->
                Destinations.together(
                    companion,
                    book.latest(companion.id())
                        .map(MoveOrder::message)
                        .orElse("it does not go to %s.".formatted(to))));
  }

  boolean isReady(Guest guest, NodeName to) {
    Optional<Replica> replica = Optional.ofNullable(guest.replicas().get(to));
    return orderTo(guest, to)
        .filter(
            order ->
                order.phase() == MovePhase.MOVING
                    || replica.filter(r -> !r.hasSyncedAfter(order.syncAfter())).isEmpty()
                    || order.isOverdue(now) && order.cause() == MoveCause.NODE_UNHEALTHY)
        .isPresent();
  }

  /** Of those that move as one Proxmox HA is asked for one: a VM, so that all move as VMs may. */
  boolean leads(Guest guest, NodeName to) {
    return companions(guest, to).stream()
        .filter(
            companion ->
                orderTo(companion, to).filter(o -> o.phase() == MovePhase.MOVING).isPresent())
        .noneMatch(companion -> LEADERS.compare(companion, guest) < 0);
  }

  /** Of the guest, or of one that runs together with it. */
  Optional<String> sourceInDoubt(Guest guest) {
    return view.party(guest).stream()
        .map(Guest::node)
        .filter(name -> view.node(name).filter(node -> node.online().isYes()).isEmpty())
        .findFirst()
        .map("%s is not confirmed online."::formatted);
  }

  Optional<String> busy(Guest guest) {
    return view.party(guest).stream().flatMap(each -> unsettled(each).stream()).findFirst();
  }

  /** The first of those that would move whom Proxmox HA is busy with. */
  Optional<String> unsettled(Guest guest, NodeName to) {
    return unsettled(guest)
        .or(() -> companions(guest, to).stream().flatMap(m -> unsettled(m).stream()).findFirst());
  }

  static Optional<String> unsettled(Guest guest) {
    return guest.isSettled()
        ? Optional.empty()
        : Optional.of(
            "Proxmox HA has %s in state %s.".formatted(guest.id(), guest.haState().orElse("")));
  }

  /** Whether the owner of one that runs together wants it elsewhere. */
  Optional<String> conflictingTarget(Guest guest, NodeName to) {
    return companions(guest, to).stream()
        .flatMap(companion -> book.active(companion.id()).stream())
        .filter(order -> order.cause().namesTarget())
        .filter(order -> order.to().filter(to::equals).isEmpty())
        .findFirst()
        .map(
            order ->
                "%s is kept together with it, and must go to %s."
                    .formatted(order.guest(), order.to().orElseThrow()));
  }

  /** Those that run together stay together. */
  Optional<String> companionStays(Guest guest) {
    return view.party(guest).stream()
        .filter(companion -> !companion.id().equals(guest.id()))
        .flatMap(
            companion ->
                companion
                    .leftAlone()
                    .or(() -> book.failedLately(companion.id()).map(MoveOrder::message))
                    .map(why -> Destinations.together(companion, why))
                    .stream())
        .findFirst();
  }
}
