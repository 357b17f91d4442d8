package io.pveha.operator.polling;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.safety.AgeLimit;
import io.pveha.operator.connection.AccessProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Why a cluster can't be asked. A round that is missed now and then is no news: nothing is written
 * to Proxmox meanwhile, and what was last told of the cluster and of all that belongs to it stands.
 * Trouble that lasts is told.
 *
 * @param problem in the words of the last round
 * @param since when the first of these rounds failed
 * @param lasting whether what was last told no longer stands
 */
public record Trouble(AccessProblem problem, Instant since, boolean lasting) {

  /** Trouble lasts from then on; facts are too old to rest anything on by then. */
  public static final Duration LASTING = AgeLimit.FAST;

  /** When to look again at what stands for as long as trouble may pass, unless woken before. */
  public static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  /** That of a round that failed now, after the trouble of the rounds before it. */
  static Trouble at(AccessProblem problem, Instant now, Optional<Trouble> before) {
    return new Trouble(
            problem,
            before.map(Trouble::since).orElse(now),
            before.filter(Trouble::lasting).isPresent())
        .asOf(now);
  }

  /** The same now. */
  Trouble asOf(Instant now) {
    return new Trouble(problem, since, lasting || !since.plus(LASTING).isAfter(now));
  }

  Trouble asLasting() {
    return new Trouble(problem, since, true);
  }

  /**
   * Whether it does not pass by itself, so that the ProxmoxCluster tells it at once: a person must
   * act.
   */
  public boolean isDefinite() {
    return problem.reason() == ConditionReason.CREDENTIALS_REJECTED
        || problem.reason() == ConditionReason.PERMISSION_DENIED
        || problem.reason() == ConditionReason.CERTIFICATE_REJECTED;
  }
}
