package io.pveha.core.safety;

import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Reason;
import io.pveha.core.plan.Severity;

/**
 * Why something is not proven, so that nothing is removed, made or called healthy because of it.
 *
 * @param severity {@link Severity#BLOCKS} when a person must act, {@link Severity#DELAYS} when time
 *     tells
 * @param reason stable word for it
 * @param message what is missing, and the next step
 */
public record Doubt(Severity severity, Reason reason, String message) {

  /** The same as something that a planner noticed. */
  public Finding finding() {
    return new Finding(severity, reason, message);
  }
}
