package io.pveha.core.ha;

/** What is left of a daemon after it had its turn. */
public enum DaemonTurn {
  GOES_ON,
  /** It has ended and must not be called again. */
  EXITED
}
