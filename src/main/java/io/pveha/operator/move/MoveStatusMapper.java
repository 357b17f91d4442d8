package io.pveha.operator.move;

import io.pveha.api.v1alpha1.FailoverCause;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Away;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Move;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.move.AwayGuest;
import io.pveha.core.move.MoveCause;
import io.pveha.core.move.MoveMemory;
import io.pveha.core.move.MoveOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Turns moves into status, and back. */
final class MoveStatusMapper {

  private static final Duration LONGEST_PHASE = Duration.ofDays(1);

  private MoveStatusMapper() {}

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** What is remembered; nothing began later than now, and no phase lasts forever. */
  static MoveMemory remembered(ProxmoxClusterStatus status, Instant now) {
    return new MoveMemory(
        status.moves().stream().flatMap(move -> remembered(move, now).stream()).toList(),
        status.away().stream().flatMap(away -> remembered(away, now).stream()).toList());
  }

  private static Optional<MoveOrder> remembered(Move move, Instant now) {
    return GuestId.ofSid(move.guest())
        .filter(unused -> cause(move.cause()).isPresent())
        .map(
            guest ->
                new MoveOrder(
                    move.id(),
                    guest,
                    new NodeName(move.from()),
                    Optional.ofNullable(move.to()).map(NodeName::new),
                    cause(move.cause()).orElseThrow(),
                    move.phase(),
                    earlier(move.startedAt(), now),
                    Optional.ofNullable(move.deadline())
                        .map(deadline -> earlier(deadline, now.plus(LONGEST_PHASE))),
                    Optional.ofNullable(move.finishedAt()).map(at -> earlier(at, now)),
                    Optional.ofNullable(move.syncAfter())
                        .map(after -> earlier(after, now.plus(LONGEST_PHASE))),
                    Optional.ofNullable(move.message()).orElse("")));
  }

  private static Optional<AwayGuest> remembered(Away away, Instant now) {
    return GuestId.ofSid(away.guest())
        .map(
            guest ->
                new AwayGuest(
                    guest,
                    new NodeName(away.home()),
                    new NodeName(away.at()),
                    earlier(away.since(), now)));
  }

  /** Empty for what moves a guest without our doing. */
  private static Optional<MoveCause> cause(FailoverCause saved) {
    return switch (saved) {
      case REQUESTED -> Optional.of(MoveCause.REQUESTED);
      case NODE_UNHEALTHY -> Optional.of(MoveCause.NODE_UNHEALTHY);
      case MAINTENANCE -> Optional.of(MoveCause.MAINTENANCE);
      case FAILBACK -> Optional.of(MoveCause.FAILBACK);
      case NODE_LOST, SERVICE_FAILED, UNKNOWN -> Optional.empty();
    };
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
                    order.cause().failover(),
                    order.phase(),
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
