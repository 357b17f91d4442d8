package io.pveha.core.move;

import io.pveha.api.v1alpha1.MovePhase;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.NodeName;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Optional;

/**
 * One move of one guest; carried out once.
 *
 * @param to empty until a node is chosen
 * @param startedAt when it was ordered
 * @param deadline when the present phase times out; empty when its cause says how long
 * @param finishedAt when it succeeded or failed
 * @param syncAfter start of the last run of the replication when it was asked; one that began later
 *     is waited for. Both are by the clock of the guest's node.
 * @param message what it waits for, or why it failed
 */
@RecordBuilder
public record MoveOrder(
    String id,
    GuestId guest,
    NodeName from,
    Optional<NodeName> to,
    MoveCause cause,
    MovePhase phase,
    Instant startedAt,
    Optional<Instant> deadline,
    Optional<Instant> finishedAt,
    Optional<Instant> syncAfter,
    String message)
    implements MoveOrderBuilder.With {

  static final String WITHDRAWN = "Withdrawn: ";

  /** Id of the order that an owner's request makes: always the same. */
  public static String idOfRequest(GuestId guest, Instant requestedAt) {
    return id(guest, MoveCause.REQUESTED, requestedAt);
  }

  static String id(GuestId guest, MoveCause cause, Instant at) {
    return "%s-%s-%d".formatted(guest.sid().replace(':', '-'), cause.word(), at.getEpochSecond());
  }

  static MoveOrder waiting(
      String id,
      GuestId guest,
      NodeName from,
      Optional<NodeName> to,
      MoveCause cause,
      Instant now,
      Optional<Instant> deadline) {
    return new MoveOrder(
        id,
        guest,
        from,
        to,
        cause,
        MovePhase.WAITING,
        now,
        deadline,
        Optional.empty(),
        Optional.empty(),
        MovePlanner.TURN);
  }

  public boolean isActive() {
    return !phase.isOver();
  }

  /** Whether it ended without anything being done, since its cause was gone. */
  public boolean isWithdrawn() {
    return phase == MovePhase.FAILED && message.startsWith(WITHDRAWN);
  }

  /** Back to waiting, for another node if that is ours to choose. */
  MoveOrder waitingAgain(String words) {
    return with(
        order ->
            order
                .to(cause.namesTarget() ? to : Optional.empty())
                .phase(MovePhase.WAITING)
                .deadline(cause == MoveCause.REQUESTED ? deadline : Optional.empty())
                .finishedAt(Optional.empty())
                .syncAfter(Optional.empty())
                .message(words));
  }

  MoveOrder syncing(NodeName target, Optional<Instant> after, Instant until, String words) {
    return underWay(MovePhase.SYNCING, target, until, words).withSyncAfter(after);
  }

  MoveOrder moving(NodeName target, Instant until, String words) {
    return underWay(MovePhase.MOVING, target, until, words);
  }

  private MoveOrder underWay(MovePhase next, NodeName target, Instant until, String words) {
    return with(
        order ->
            order
                .to(Optional.of(target))
                .phase(next)
                .deadline(Optional.of(until))
                .finishedAt(Optional.empty())
                .message(words));
  }

  MoveOrder ended(MovePhase how, Instant now, String words) {
    return with(
        order ->
            order
                .phase(how)
                .deadline(Optional.empty())
                .finishedAt(Optional.of(now))
                .message(words));
  }

  /** Whether the deadline of its phase has passed. */
  boolean isOverdue(Instant now) {
    return deadline.filter(end -> !end.isAfter(now)).isPresent();
  }
}
