package io.pveha.core.health;

/** What holds an action back; in the order in which they are asked. */
public enum Guard {
  /** It can't be done by this version. */
  NOT_SUPPORTED,
  /** Somebody wants no automatic action now; left when the reasons are taken away. */
  PAUSED,
  /** The facts are too few, or contradict each other; left when members agree. */
  UNSURE,
  /** Many nodes failed at once; left when the quiet time is over. */
  STORM,
  /** The nodes that are left would not be quorate, or are not now. */
  QUORUM,
  /** Something is done about another node; left when that is used again. */
  ONE_AT_A_TIME,
  /** Too few nodes would be left in good health. */
  MIN_HEALTHY,
  /** The node was treated lately; left when its trouble lasts. */
  FLAPPING
}
