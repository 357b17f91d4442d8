package io.pveha.core.move;

/**
 * How far a move is.
 *
 * <pre>
 * WAITING -> SYNCING -> MOVING -> DONE
 *    |  ^------'           |
 *    '-> FAILED <----------'   also from SYNCING
 * </pre>
 */
public enum MovePhase {
  /** Ordered; left when its turn has come and a node may take it, or when its cause is gone. */
  WAITING,
  /** A replication was asked for; left when one that began later has ended, or at the deadline. */
  SYNCING,
  /** Proxmox is told to move it; left when Proxmox has done so, or gives up. */
  MOVING,
  /** It is where it was to go; for good. */
  DONE,
  /** Given up; for good. */
  FAILED;

  public boolean isOver() {
    return this == DONE || this == FAILED;
  }

  /** Whether it takes one of the places for moves at once. */
  public boolean isUnderWay() {
    return this == SYNCING || this == MOVING;
  }
}
