package io.pveha.operator.steps;

import io.pveha.api.v1alpha1.PendingTask;
import io.pveha.api.v1alpha1.PlannedChange;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.PendingStep;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Step;
import io.pveha.core.plan.StepKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns plans and their memory into status, and back. */
public final class SavedPlan {

  /** More is no use to a reader, and status should stay small. */
  private static final int LONGEST_LIST = 64;

  private SavedPlan() {}

  public static List<PlannedChange> changes(Plan<?> plan) {
    return Stream.<Step>concat(plan.now().stream(), plan.later().stream())
        .limit(LONGEST_LIST)
        .map(
            step ->
                new PlannedChange(
                    step.action(), step.node().map(NodeName::value).orElse(null), step.sentence()))
        .toList();
  }

  public static List<PendingStep> remembered(List<PendingTask> tasks) {
    return tasks.stream()
        .map(
            task ->
                new PendingStep(
                    new StepKey(task.action(), task.subject()),
                    Optional.ofNullable(task.node()),
                    Optional.ofNullable(task.upid()),
                    task.startedAt(),
                    task.deadline(),
                    task.attempt()))
        .toList();
  }

  public static List<PendingTask> saved(List<PendingStep> steps) {
    return steps.stream().map(SavedPlan::saved).toList();
  }

  /** What is saved of a step before it is taken. */
  public static PendingStep intent(Step step, int attempt, Instant now) {
    return new PendingStep(
        step.key(),
        step.node().map(NodeName::value),
        Optional.empty(),
        now,
        now.plus(step.patience()),
        attempt);
  }

  /** The same, now that Proxmox named the task. */
  public static PendingStep named(PendingStep intent, String upid, Step step) {
    return new PendingStep(
        intent.key(),
        intent.node(),
        Optional.of(upid),
        intent.startedAt(),
        intent.startedAt().plus(step.taskPatience()),
        intent.attempt());
  }

  private static PendingTask saved(PendingStep step) {
    return new PendingTask(
        step.key().action(),
        step.node().orElse(null),
        step.key().subject(),
        step.upid().orElse(null),
        step.startedAt(),
        step.deadline(),
        step.attempt());
  }
}
