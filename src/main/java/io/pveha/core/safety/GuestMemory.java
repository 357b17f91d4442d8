package io.pveha.core.safety;

import java.time.Instant;
import java.util.Optional;

/**
 * What is remembered of a guest, or of a pool on one node, saved before anything is done about its
 * absence.
 *
 * @param seenSince since when it has been known to exist; empty when it never did
 * @param lostSince since when it has been known to be gone; empty while it is not
 * @param recreate the order to recreate it that was seen last; the same one counts no second time
 */
public record GuestMemory(
    Optional<Instant> seenSince, Optional<Instant> lostSince, Optional<String> recreate) {

  /** Before anything was seen. */
  public static final GuestMemory EMPTY =
      new GuestMemory(Optional.empty(), Optional.empty(), Optional.empty());
}
