package io.pveha.core.health;

/** What a rule asks for, from the mildest to the hardest. */
public enum Remedy {
  /** Tell. */
  REPORT,
  /** Keep new guests away, and replicate its guests at once. */
  CORDON,
  /** Cordon, and move the guests to where their replicas are. */
  EVACUATE,
  /** Cut the power. */
  FENCE;

  /** Whether something is done that guards stand before. */
  public boolean isAction() {
    return this != REPORT;
  }
}
