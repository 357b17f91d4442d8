package io.pveha.core.safety;

import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Step;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a cluster at one moment, as far as writing to it rests on that.
 *
 * @param unseen why the cluster could not be asked in the last round; empty when it could
 * @param views why the word of its members does not suffice; empty when it does, and while the
 *     cluster is formed, which is decided by what each node says of itself
 * @param tooOld why an answer that the plan rests on is too old; empty when none is
 * @param fastAt when membership, guests and HA were asked for, or nodes that are not a cluster yet
 * @param slowAt when everything else was; empty where nothing rests on it
 * @param sight what may be concluded from what is not listed
 */
public record WriteGrounds(
    Optional<Finding> unseen,
    Optional<Finding> views,
    Optional<Finding> tooOld,
    Instant fastAt,
    Optional<Instant> slowAt,
    Sight sight) {

  /** Those of nodes that are formed into a cluster. */
  public static WriteGrounds forming(Optional<Finding> unseen, Instant viewsAt) {
    return new WriteGrounds(
        unseen, Optional.empty(), Optional.empty(), viewsAt, Optional.empty(), Sight.FULL);
  }

  /** Why nothing at all may be written; empty when a step may be, if it rests on no absence. */
  Optional<Finding> doubt(Instant now) {
    return slowAt
        .map(at -> AgeLimit.doubt(fastAt, at, now))
        .orElseGet(() -> AgeLimit.doubt(fastAt, now))
        .or(() -> views)
        .or(() -> tooOld)
        .or(() -> unseen);
  }

  Optional<Finding> doubt(Step step, Instant now) {
    return doubt(now).or(() -> AbsenceGuard.doubt(step, sight));
  }
}
