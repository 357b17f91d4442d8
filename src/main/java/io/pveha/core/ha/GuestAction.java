package io.pveha.core.ha;

import io.pveha.core.placement.ServiceId;

/**
 * One thing done to a guest of the acting node.
 *
 * @param job identifies the attempt; a repeated attempt has another one
 * @param target node of a move, else null
 * @param timeout seconds of grace of a stop, null for the default, 0 for at once
 * @param forMove a stop that is the first half of an offline move
 */
public record GuestAction(
    String job, Kind kind, ServiceId sid, String target, Integer timeout, boolean forMove) {

  /** What is done. */
  public enum Kind {
    START,
    STOP,
    /** Move with its memory: it runs on the target afterwards without a start. */
    MOVE_LIVE,
    /** Move only its configuration; it does not run. */
    MOVE_OFFLINE
  }

  /** How far it is. */
  public enum Progress {
    UNDER_WAY,
    DONE,
    FAILED
  }
}
