package io.pveha.core.ledger;

/** Why a guest changed its node. */
public enum Cause {
  /** Its node died or lost its network. */
  NODE_LOST,
  /** A health rule evacuated the node. */
  NODE_UNHEALTHY,
  /** The node was to be emptied. */
  MAINTENANCE,
  /** It could not be started where it was. */
  SERVICE_FAILED,
  /** It went home. */
  FAILBACK,
  /** Somebody asked for the move. */
  REQUESTED,
  /** It moved while nobody watched. */
  UNKNOWN
}
