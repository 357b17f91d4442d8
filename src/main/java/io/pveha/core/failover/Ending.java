package io.pveha.core.failover;

/** What a stranded guest ends up as. */
public enum Ending {
  /** Down as before, or with its node; the manager does not touch it. */
  LEFT_ALONE,
  /** The manager finds no node and tries again each round, so it comes back when one appears. */
  WAITS_FOR_A_NODE,
  /**
   * The manager moves it to a node where it can't start: it looks at rules and score, not at
   * storage, replica or memory. After {@code max_relocate} it is in the error state.
   */
  ENDS_IN_ERROR
}
