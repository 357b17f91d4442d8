package io.pveha.core.cluster;

import java.time.Instant;
import java.util.Optional;

/**
 * Whether a node's own API answers us.
 *
 * @param lastAnswer when it was last asked with success; empty when it never answered
 * @param lastTry when it was last asked
 * @param failures failed attempts in a row
 * @param problem why the latest attempt failed; empty when it succeeded
 */
public record Probe(
    Optional<Instant> lastAnswer, Instant lastTry, int failures, Optional<String> problem) {

  public boolean isAnswering() {
    return failures == 0;
  }
}
