package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How far a move of a guest is.
 *
 * <pre>
 * WAITING -> SYNCING -> MOVING -> DONE
 *    |  ^------'           |
 *    '-> FAILED <----------'   also from SYNCING
 * </pre>
 */
public enum MovePhase {
  /** Ordered; waits for its turn, or for a node that may take it. */
  @JsonProperty("Waiting")
  WAITING,

  /** A replication to its target was asked for, and is awaited. */
  @JsonProperty("Syncing")
  SYNCING,

  /** Proxmox was told to move it. */
  @JsonProperty("Moving")
  MOVING,

  /** It is where it was to go. */
  @JsonProperty("Done")
  DONE,

  /** Given up; the message says why. */
  @JsonProperty("Failed")
  FAILED;

  /** Whether the move has ended. */
  public boolean isOver() {
    return this == DONE || this == FAILED;
  }

  /** Whether it takes one of the places for moves at once. */
  public boolean isUnderWay() {
    return this == SYNCING || this == MOVING;
  }
}
