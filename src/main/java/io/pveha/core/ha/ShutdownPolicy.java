package io.pveha.core.ha;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What becomes of the services of a node that is shut down ({@code ha: shutdown_policy}). */
public enum ShutdownPolicy {
  /** Frozen at a reboot, recovered at a shutdown. */
  CONDITIONAL,
  /** They wait for the node. */
  FREEZE,
  /** They are recovered elsewhere. */
  FAILOVER,
  /** They move away before the node goes down. */
  MIGRATE;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Empty for a word that is no policy. */
  public static Optional<ShutdownPolicy> ofWord(String word) {
    return Arrays.stream(values()).filter(policy -> policy.word().equals(word)).findFirst();
  }
}
