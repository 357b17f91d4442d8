package io.pveha.operator.steps;

import io.pveha.core.plan.Step;
import io.pveha.core.safety.AbsenceGuard;
import io.pveha.core.safety.Sight;
import io.pveha.operator.polling.ClusterFacts;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Whether a plan may be carried out.
 *
 * @param observeOnly whether its owner wants nothing written
 * @param forming whether the cluster is being formed, which no facts of a cluster decide
 * @param doubt why nothing may be written on what is known now; empty when it may
 * @param sight what may be concluded from what is not listed
 * @param owner whether what is written still belongs to who planned it
 */
public record Permit(
    boolean observeOnly,
    boolean forming,
    Optional<String> doubt,
    Sight sight,
    BooleanSupplier owner) {

  /** For a formed cluster: two members must agree that they hold the quorum. */
  public static Permit of(boolean observeOnly, ClusterFacts facts, BooleanSupplier owner) {
    return new Permit(observeOnly, false, facts.fast().doubt(), facts.sight(), owner);
  }

  /** While a cluster is formed, which is decided by what each node says of itself. */
  public static Permit forming(boolean observeOnly, BooleanSupplier owner) {
    return new Permit(observeOnly, true, Optional.empty(), Sight.FULL, owner);
  }

  /** Whether a step may still be taken at the moment of its write, by what is known then. */
  boolean stillHolds(Step step, Optional<ClusterFacts> facts) {
    return owner.getAsBoolean()
        && (forming
            || facts
                .map(known -> Permit.of(observeOnly, known, owner))
                .filter(Permit::isGiven)
                .filter(now -> AbsenceGuard.doubt(step, now.sight()).isEmpty())
                .isPresent());
  }

  /** Whether steps may be taken. */
  public boolean isGiven() {
    return !observeOnly && doubt.isEmpty();
  }
}
