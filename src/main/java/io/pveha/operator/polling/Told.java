package io.pveha.operator.polling;

import io.pveha.core.safety.AgeLimit;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * How a question of the slow lane stands.
 *
 * @param at when it was asked that was answered last
 * @param members how many members' answers make up what is known
 * @param failure of the latest attempt; empty when that succeeded
 * @param old whether nothing may rest on the answer any more
 */
public record Told(Instant at, int members, Optional<String> failure, boolean old) {

  Told asOf(Instant now) {
    return old || !AgeLimit.isPast(at, now) ? this : new Told(at, members, failure, true);
  }

  /** Without what changes from round to round. */
  Told timeless() {
    return new Told(old ? at : Instant.EPOCH, members, old ? failure : Optional.empty(), old);
  }

  /** Why nothing rests on it, in words that stay the same while it grows older. */
  String words(SlowQuestion question) {
    return "%s was last answered at %s, which is too long ago to rest anything on%s"
        .formatted(
            question.call(),
            at.truncatedTo(ChronoUnit.SECONDS),
            failure
                .map(why -> ". Now: " + why.replaceAll("\\.$", "") + ".")
                .orElse("; no member answers it now."));
  }
}
