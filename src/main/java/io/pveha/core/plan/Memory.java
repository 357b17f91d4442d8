package io.pveha.core.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is remembered of steps that were asked.
 *
 * @param pending as saved in status
 * @param outcomes what became of them, as far as known
 */
public record Memory(List<PendingStep> pending, Map<StepKey, Outcome> outcomes) {

  public static final Memory EMPTY = new Memory(List.of(), Map.of());

  public Memory {
    pending = List.copyOf(pending);
    outcomes = Map.copyOf(outcomes);
  }

  public Optional<PendingStep> pending(StepKey key) {
    return pending.stream().filter(step -> step.key().equals(key)).findFirst();
  }

  public Outcome outcome(StepKey key) {
    return outcomes.getOrDefault(key, Outcome.UNKNOWN);
  }
}
