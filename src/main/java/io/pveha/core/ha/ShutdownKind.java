package io.pveha.core.ha;

import java.util.Locale;

/** Why an LRM is asked to end. */
public enum ShutdownKind {
  /** The node goes down. */
  SHUTDOWN,
  /** The node goes down and comes back. */
  REBOOT,
  /** Only the daemon is restarted (a package update). */
  RESTART;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
