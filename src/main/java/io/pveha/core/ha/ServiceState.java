package io.pveha.core.ha;

import java.util.Locale;

/**
 * Where a service stands for the manager; what leads from one to the next is the service machine.
 */
public enum ServiceState {
  /** Wanted started, no node chosen yet; leaves in the same round. */
  REQUEST_START,
  /**
   * Moves, stopped, to the node chosen before its first start; leaves when the LRM has answered.
   */
  REQUEST_START_BALANCE,
  /** The LRM of its node keeps it running; leaves by request, failure, placement or a dead node. */
  STARTED,
  /** The LRM of its node stops it; leaves when the LRM has answered. */
  REQUEST_STOP,
  /** Not wanted started; leaves when it is, or when its node dies. */
  STOPPED,
  /** Moves live; leaves when the LRM has answered. */
  MIGRATE,
  /** Is stopped, moved and started again; leaves when the LRM has answered. */
  RELOCATE,
  /** Its node must be proved dead; leaves when the node is fenced. */
  FENCE,
  /** Its node is dead; leaves when another node can take it. */
  RECOVERY,
  /** Nobody touches it; leaves when the LRM of its node is active again. */
  FREEZE,
  /** Needs its owner; leaves when it is requested disabled. */
  ERROR;

  /** Proxmox's word for it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static ServiceState ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** One of the two moves that a user or a rule can cause. */
  public boolean isMove() {
    return this == MIGRATE || this == RELOCATE;
  }
}
