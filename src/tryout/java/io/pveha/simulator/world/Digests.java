package io.pveha.simulator.world;

import java.util.Optional;

/** Optimistic locking of configuration updates. */
final class Digests {

  private Digests() {}

  static void check(Optional<String> expected, String present) {
    if (expected.isPresent() && !expected.get().equals(present)) {
      throw new WorldFailure.Refused(
          "detected modified configuration - file changed by other user? Try again.");
    }
  }
}
