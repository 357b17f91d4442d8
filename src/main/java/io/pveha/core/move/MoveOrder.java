package io.pveha.core.move;

import io.pveha.api.v1alpha1.MovePhase;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.NodeName;
import java.time.Instant;
import java.util.Optional;

/**
 * One move of one guest; carried out once.
 *
 * @param to empty until a node is chosen
 * @param startedAt when it was ordered
 * @param deadline when the present phase is given up; empty when its cause says how long
 * @param finishedAt when it was done, or given up
 * @param syncAfter start of the last run of the replication when it was asked; one that began later
 *     is waited for. Both are by the clock of the guest's node.
 * @param message what it waits for, or why it failed
 */
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
    String message) {

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

  MoveOrder says(String words) {
    return new MoveOrder(
        id, guest, from, to, cause, phase, startedAt, deadline, finishedAt, syncAfter, words);
  }

  /** Whether it ended without anything being done, since its cause was gone. */
  public boolean isWithdrawn() {
    return phase == MovePhase.FAILED && message.startsWith(WITHDRAWN);
  }

  /** Back to waiting, for another node if that is ours to choose. */
  MoveOrder waitingAgain(String words) {
    return new MoveOrder(
        id,
        guest,
        from,
        cause.namesTarget() ? to : Optional.empty(),
        cause,
        MovePhase.WAITING,
        startedAt,
        cause == MoveCause.REQUESTED ? deadline : Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        words);
  }

  MoveOrder syncing(NodeName target, Optional<Instant> after, Instant until, String words) {
    return new MoveOrder(
        id,
        guest,
        from,
        Optional.of(target),
        cause,
        MovePhase.SYNCING,
        startedAt,
        Optional.of(until),
        Optional.empty(),
        after,
        words);
  }

  MoveOrder moving(NodeName target, Instant until, String words) {
    return new MoveOrder(
        id,
        guest,
        from,
        Optional.of(target),
        cause,
        MovePhase.MOVING,
        startedAt,
        Optional.of(until),
        Optional.empty(),
        syncAfter,
        words);
  }

  MoveOrder ended(MovePhase how, Instant now, String words) {
    return new MoveOrder(
        id,
        guest,
        from,
        to,
        cause,
        how,
        startedAt,
        Optional.empty(),
        Optional.of(now),
        syncAfter,
        words);
  }

  /** Whether the deadline of its phase has passed. */
  boolean isOverdue(Instant now) {
    return deadline.filter(end -> !end.isAfter(now)).isPresent();
  }
}
