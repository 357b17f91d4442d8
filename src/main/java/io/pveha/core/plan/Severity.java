package io.pveha.core.plan;

/** What a finding means for the object it is about. */
public enum Severity {
  /** It can't go on until a person acts. */
  BLOCKS,
  /** It is at work, or waits for something that will come. */
  DELAYS,
  /** Worth knowing; the object is as specified all the same. */
  INFORMS
}
