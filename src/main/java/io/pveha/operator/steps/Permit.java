package io.pveha.operator.steps;

import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Step;
import io.pveha.core.safety.AbsenceGuard;
import io.pveha.core.safety.Sight;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.SlowQuestion;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Whether a plan may be carried out.
 *
 * @param observeOnly whether its owner wants nothing written
 * @param forming whether the cluster is being formed, which no facts of a cluster decide
 * @param doubt why nothing may be written on what is known now; empty when it may
 * @param sight what may be concluded from what is not listed
 * @param owner whether what is written still belongs to who planned it
 * @param needs questions whose answers must not be too old at the moment of the write either
 */
public record Permit(
    boolean observeOnly,
    boolean forming,
    Optional<String> doubt,
    Sight sight,
    BooleanSupplier owner,
    Set<SlowQuestion> needs) {

  /**
   * For a formed cluster: two members must agree that they hold the quorum, and what the facts rest
   * on must not be too old.
   */
  public static Permit of(boolean observeOnly, ClusterFacts facts, BooleanSupplier owner) {
    return new Permit(
        observeOnly,
        false,
        facts.fast().doubt().or(() -> facts.tooOld().map(Finding::message)),
        facts.sight(),
        owner,
        facts.needs());
  }

  /** While a cluster is formed, which is decided by what each node says of itself. */
  public static Permit forming(boolean observeOnly, BooleanSupplier owner) {
    return new Permit(observeOnly, true, Optional.empty(), Sight.FULL, owner, Set.of());
  }

  /** Whether a step may still be taken at the moment of its write, by what is known then. */
  boolean stillHolds(Step step, Optional<ClusterFacts> facts) {
    return owner.getAsBoolean()
        && (forming
            || facts
                .map(known -> Permit.of(observeOnly, known.restingOn(needs), owner))
                .filter(Permit::isGiven)
                .filter(now -> AbsenceGuard.doubt(step, now.sight()).isEmpty())
                .isPresent());
  }

  /** Whether steps may be taken. */
  public boolean isGiven() {
    return !observeOnly && doubt.isEmpty();
  }
}
