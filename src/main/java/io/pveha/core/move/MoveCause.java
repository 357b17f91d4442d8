package io.pveha.core.move;

import io.pveha.api.v1alpha1.FailoverCause;

/** Why we move a guest. */
public enum MoveCause {
  /** Its owner asked for it. */
  REQUESTED(FailoverCause.REQUESTED),
  /** A health rule evacuates its node. */
  NODE_UNHEALTHY(FailoverCause.NODE_UNHEALTHY),
  /** Its node is to be emptied. */
  MAINTENANCE(FailoverCause.MAINTENANCE),
  /** It goes home. */
  FAILBACK(FailoverCause.FAILBACK);

  private final FailoverCause failover;

  MoveCause(FailoverCause failover) {
    this.failover = failover;
  }

  /** As it stands in the ledger. */
  public FailoverCause failover() {
    return failover;
  }

  /** Whether the node to go to is a part of the order, not ours to choose. */
  boolean namesTarget() {
    return this == REQUESTED || this == FAILBACK;
  }

  /** As a word in the id of an order. */
  String word() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
