package io.pveha.operator.steps;

import io.pveha.core.plan.Outcome;
import io.pveha.core.plan.PendingStep;
import io.pveha.core.plan.StepKey;
import io.pveha.operator.polling.TaskDesk;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What became of requests, as far as this process knows. Lost when it ends, and then the facts
 * tell.
 */
public final class OutcomeBook {

  private record Asked(String owner, StepKey key, Instant startedAt) {}

  private final Map<Asked, Outcome> answers = new ConcurrentHashMap<>();

  /** Proxmox answered the request itself. */
  public void note(String owner, PendingStep step, Outcome outcome) {
    answers.put(new Asked(owner, step.key(), step.startedAt()), outcome);
  }

  /** All outcomes of one object's pending steps; what is pending no more is forgotten. */
  public Map<StepKey, Outcome> outcomes(
      String owner, List<PendingStep> pending, Optional<TaskDesk> tasks) {
    Map<StepKey, Outcome> outcomes = new HashMap<>();
    for (PendingStep step : pending) {
      Outcome answer = answers.get(new Asked(owner, step.key(), step.startedAt()));
      if (answer != null) {
        outcomes.put(step.key(), answer);
      } else if (step.upid().isPresent() && tasks.isPresent()) {
        outcomes.put(step.key(), tasks.get().outcome(step.upid().get()));
      }
    }
    answers
        .keySet()
        .removeIf(
            asked ->
                asked.owner().equals(owner)
                    && pending.stream()
                        .noneMatch(
                            step ->
                                step.key().equals(asked.key())
                                    && step.startedAt().equals(asked.startedAt())));
    return outcomes;
  }
}
