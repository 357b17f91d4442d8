package io.pveha.simulator.machine;

import java.util.Optional;

/** Optimistic locking of configuration updates. */
public final class Digests {

  private Digests() {}

  public static void check(Optional<String> expected, String present) {
    if (expected.isPresent() && !expected.get().equals(present)) {
      throw new WorldFailure.Refused(
          "detected modified configuration - file changed by other user? Try again.");
    }
  }
}
