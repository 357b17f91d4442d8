package io.pveha.operator.steps;

import io.pveha.core.safety.Sight;
import io.pveha.operator.polling.ClusterFacts;
import java.util.Optional;

/**
 * Whether a plan may be carried out.
 *
 * @param observeOnly whether its owner wants nothing written
 * @param doubt why nothing may be written on what is known now; empty when it may
 * @param sight what may be concluded from what is not listed
 */
public record Permit(boolean observeOnly, Optional<String> doubt, Sight sight) {

  /** For a formed cluster: two members must agree that they hold the quorum. */
  public static Permit of(boolean observeOnly, ClusterFacts facts) {
    return new Permit(observeOnly, facts.fast().doubt(), facts.sight());
  }

  /** While a cluster is formed, which is decided by what each node says of itself. */
  public static Permit forming(boolean observeOnly) {
    return new Permit(observeOnly, Optional.empty(), Sight.FULL);
  }

  /** Whether steps may be taken. */
  public boolean isGiven() {
    return !observeOnly && doubt.isEmpty();
  }
}
