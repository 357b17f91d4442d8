package io.pveha.operator.cluster;

import io.pveha.api.v1alpha1.FailoverCause;
import io.pveha.api.v1alpha1.MovePhase;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Away;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Move;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.move.AwayGuest;
import io.pveha.core.move.MoveCause;
import io.pveha.core.move.MoveMemory;
import io.pveha.core.move.MoveOrder;
import java.util.List;
import java.util.Optional;

/** Turns moves into status, and back. */
final class SavedMoves {

  private SavedMoves() {}

  static MoveMemory remembered(ProxmoxClusterStatus status) {
    return new MoveMemory(
        status.moves().stream().flatMap(move -> remembered(move).stream()).toList(),
        status.away().stream().flatMap(away -> remembered(away).stream()).toList());
  }

  private static Optional<MoveOrder> remembered(Move move) {
    return GuestId.ofSid(move.guest())
        .map(
            guest ->
                new MoveOrder(
                    move.id(),
                    guest,
                    new NodeName(move.from()),
                    Optional.ofNullable(move.to()).map(NodeName::new),
                    MoveCause.valueOf(move.cause().name()),
                    io.pveha.core.move.MovePhase.valueOf(move.phase().name()),
                    move.startedAt(),
                    Optional.ofNullable(move.deadline()),
                    Optional.ofNullable(move.finishedAt()),
                    Optional.ofNullable(move.syncAfter()),
                    Optional.ofNullable(move.message()).orElse("")));
  }

  private static Optional<AwayGuest> remembered(Away away) {
    return GuestId.ofSid(away.guest())
        .map(
            guest ->
                new AwayGuest(
                    guest, new NodeName(away.home()), new NodeName(away.at()), away.since()));
  }

  static List<Move> moves(MoveMemory memory) {
    return memory.orders().stream()
        .map(
            order ->
                new Move(
                    order.id(),
                    order.guest().sid(),
                    order.from().value(),
                    order.to().map(NodeName::value).orElse(null),
                    FailoverCause.valueOf(order.cause().name()),
                    MovePhase.valueOf(order.phase().name()),
                    order.startedAt(),
                    order.deadline().orElse(null),
                    order.finishedAt().orElse(null),
                    order.syncAfter().orElse(null),
                    order.message()))
        .toList();
  }

  static List<Away> away(MoveMemory memory) {
    return memory.away().stream()
        .map(
            guest ->
                new Away(
                    guest.guest().sid(),
                    guest.home().value(),
                    guest.at().value(),
                    FailoverCause.MAINTENANCE,
                    guest.since()))
        .toList();
  }
}
