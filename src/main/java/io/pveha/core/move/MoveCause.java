package io.pveha.core.move;

/** Why we move a guest. */
public enum MoveCause {
  /** Its owner asked for it. */
  REQUESTED,
  /** A health rule evacuates its node. */
  NODE_UNHEALTHY,
  /** Its node is to be emptied. */
  MAINTENANCE,
  /** It goes home. */
  FAILBACK;

  /** Whether the node to go to is a part of the order, not ours to choose. */
  boolean namesTarget() {
    return this == REQUESTED || this == FAILBACK;
  }

  /** As a word in the id of an order. */
  String word() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
