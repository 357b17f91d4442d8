package io.pveha.core.cluster;

/** What may be concluded from facts that may be old, or of one side only. */
public enum Belief {
  /** Proven by facts young enough. */
  YES,
  /** The contrary is proven by facts young enough. */
  NO,
  /** Neither is proven; left when it is reported. Never a reason to act. */
  UNKNOWN;

  public boolean isYes() {
    return this == YES;
  }

  public boolean isNo() {
    return this == NO;
  }
}
