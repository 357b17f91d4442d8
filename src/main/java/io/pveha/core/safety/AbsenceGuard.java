package io.pveha.core.safety;

import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Step;
import java.util.Optional;

/**
 * The one place where a step is refused because what it takes for absent is not proven to be. Asked
 * when a step is planned, and again at the moment of the write.
 */
public final class AbsenceGuard {

  private AbsenceGuard() {}

  /** Why a step must not be taken; empty when it may. */
  public static Optional<Finding> doubt(Step step, Sight sight) {
    if (!(step instanceof RestsOnAbsence resting)) {
      return Optional.empty();
    }
    return resting.assumesAbsent().stream()
        .flatMap(absence -> sight.doubt(absence).stream())
        .findFirst()
        .map(
            doubt ->
                new Finding(
                    doubt.severity(),
                    doubt.reason(),
                    "Not done: %s %s".formatted(step.sentence(), doubt.message())));
  }
}
