package io.pveha.core.ha;

import java.util.Locale;

/** The HA stack is being, or has been, switched off on purpose. */
public record Disarm(Mode mode, boolean complete) {

  /** What becomes of services meanwhile. */
  public enum Mode {
    /** They stay as they are. */
    FREEZE,
    /** Their owner may do with them what he likes. */
    IGNORE;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** {@code disarming} until every LRM has given back its watchdog, then {@code disarmed}. */
  public String state() {
    return complete ? "disarmed" : "disarming";
  }
}
