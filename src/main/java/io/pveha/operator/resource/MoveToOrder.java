package io.pveha.operator.resource;

import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.api.v1alpha1.HaResourceStatus.RequestedMove;
import io.pveha.api.v1alpha1.MovePhase;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Move;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.move.MoveOrder;
import io.pveha.operator.host.OrderAnnotation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The annotation {@code pveha.io/move-to}, consumed once:
 *
 * <ol>
 *   <li>what it asks for is saved in status; an operator that dies before the next line finds it,
 *       and takes the annotation for the same request;
 *   <li>the annotation is removed, unless another node was written meanwhile, which is the next
 *       request then;
 *   <li>the cluster makes an order of it, whose id follows from the request;
 *   <li>when that order has ended the request is cleared.
 * </ol>
 */
final class MoveToOrder {

  static final OrderAnnotation ANNOTATION = new OrderAnnotation(ApiNames.MOVE_TO);

  private MoveToOrder() {}

  /** Where the owner asks the guest to go, as written. */
  static Optional<String> asked(HaResource object) {
    return ANNOTATION.value(object);
  }

  static HaResourceStatus received(HaResourceStatus former, String to, Instant now) {
    RequestedMove before = former.requestedMove();
    if (before != null && before.to().equals(to)) {
      return former;
    }
    // The id of its order follows from the second, which two requests must not share.
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    boolean shared = before != null && !second.isAfter(before.requestedAt());
    return former.withRequestedMove(
        new RequestedMove(to, shared ? before.requestedAt().plusSeconds(1) : second));
  }

  /** Without the request when its order has ended; where its owner brought it, it is at home. */
  static HaResourceStatus settled(
      HaResourceStatus status, HaResource object, ProxmoxCluster cluster) {
    Optional<Move> ended =
        Optional.ofNullable(status.requestedMove())
            .flatMap(request -> order(request, object, cluster))
            .filter(move -> move.finishedAt() != null);
    if (ended.isEmpty()) {
      return status;
    }
    HaResourceStatus cleared = status.withRequestedMove(null);
    return ended.get().phase() == MovePhase.DONE ? cleared.withHomeNode(ended.get().to()) : cleared;
  }

  private static Optional<Move> order(
      RequestedMove request, HaResource object, ProxmoxCluster cluster) {
    Optional<String> id =
        GuestId.ofSid(object.getSpec().guest().sid())
            .map(guest -> MoveOrder.idOfRequest(guest, request.requestedAt()));
    return cluster.reported().moves().stream()
        .filter(move -> id.filter(move.id()::equals).isPresent())
        .findFirst();
  }

  /** Why the guest can't leave, when the cluster has an order for it that waits. */
  static Optional<String> whyItStays(HaResource object, ProxmoxCluster cluster) {
    return cluster.reported().moves().stream()
        .filter(move -> move.guest().equals(object.getSpec().guest().sid()))
        .filter(move -> move.phase() == MovePhase.WAITING && move.message() != null)
        .map(move -> "It must leave %s, but can't yet: %s".formatted(move.from(), move.message()))
        .findFirst();
  }
}
