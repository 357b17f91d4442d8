package io.pveha.operator.probe;

import io.pveha.api.v1alpha1.HaResourceStatus.ProbeResult;
import io.pveha.core.ledger.GuestSighting.Gap;
import java.time.Instant;
import java.util.Optional;

/**
 * What a probe has seen.
 *
 * @param since when it began to answer; or its last answer before it fell silent; empty when it is
 *     silent and nobody saw it answer
 * @param lastAnswer empty when it never answered
 * @param lastGap the last time without answers that ended
 * @param message what was seen instead of an answer when it fell silent
 */
record ProbeHistory(
    boolean answering,
    Optional<Instant> since,
    Optional<Instant> lastAnswer,
    Optional<Gap> lastGap,
    Optional<String> message) {

  /** The first result of this process, after what another one saved. */
  static ProbeHistory first(Optional<ProbeResult> saved, Instant at, Optional<String> trouble) {
    Optional<Instant> since = saved.flatMap(result -> Optional.ofNullable(result.since()));
    boolean wasSilent =
        saved.filter(result -> Boolean.FALSE.equals(result.answering())).isPresent();
    if (trouble.isPresent()) {
      Optional<Instant> last = since.filter(unused -> wasSilent);
      return new ProbeHistory(
          false,
          last,
          last,
          Optional.empty(),
          wasSilent
              ? saved.flatMap(result -> Optional.ofNullable(result.message())).or(() -> trouble)
              : trouble);
    }
    return new ProbeHistory(
        true,
        wasSilent ? Optional.of(at) : since.or(() -> Optional.of(at)),
        Optional.of(at),
        // It may have answered before we began to ask.
        wasSilent ? since.map(from -> new Gap(from, at, false)) : Optional.empty(),
        Optional.empty());
  }

  ProbeHistory then(Instant at, Optional<String> trouble) {
    if (trouble.isPresent()) {
      return answering ? new ProbeHistory(false, lastAnswer, lastAnswer, lastGap, trouble) : this;
    }
    return answering
        ? new ProbeHistory(true, since, Optional.of(at), lastGap, message)
        : new ProbeHistory(
            true,
            Optional.of(at),
            Optional.of(at),
            lastAnswer.map(from -> new Gap(from, at, true)).or(() -> lastGap),
            Optional.empty());
  }
}
