package io.pveha.core.ha;

import java.util.Locale;

/** What the owner of a service asks for. */
public enum RequestedState {
  STARTED,
  STOPPED,
  /** Stopped, and not even recovered when its node dies. */
  DISABLED,
  /** Not managed at all. */
  IGNORED;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Accepts {@code enabled}, the old word for started. */
  public static RequestedState ofWord(String word) {
    return word.equals("enabled") ? STARTED : valueOf(word.toUpperCase(Locale.ROOT));
  }
}
