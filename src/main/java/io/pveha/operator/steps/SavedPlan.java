package io.pveha.operator.steps;

import io.pveha.api.v1alpha1.PendingTask;
import io.pveha.api.v1alpha1.PlannedChange;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.Upid;
import io.pveha.core.plan.PendingStep;
import io.pveha.core.plan.Plan;
import io.pveha.core.plan.Step;
import io.pveha.core.plan.StepKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Turns plans and their memory into status, and back. */
public final class SavedPlan {

  /** More is no use to a reader, and status should stay small. */
  private static final int LONGEST_LIST = 64;

  /** No step of any plan is waited for longer. */
  private static final Duration LONGEST_WAIT = Duration.ofHours(2);

  private static final int MOST_ATTEMPTS = 1000;

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

  /**
   * What was asked and isn't known to be done. No wait is longer than the longest that a step has,
   * and no task is followed but one of ours on the node that was asked, whatever is written there.
   *
   * @param isOurs whether a task was asked for by the operator
   */
  public static List<PendingStep> remembered(
      List<PendingTask> tasks, Predicate<Upid> isOurs, Instant now) {
    return tasks.stream().map(task -> remembered(task, isOurs, now)).toList();
  }

  private static PendingStep remembered(PendingTask task, Predicate<Upid> isOurs, Instant now) {
    Instant started = earlier(task.startedAt(), now);
    return new PendingStep(
        new StepKey(task.action(), task.subject()),
        Optional.ofNullable(task.node()),
        Optional.ofNullable(task.upid())
            .filter(Upid::isUpid)
            .map(Upid::new)
            .filter(upid -> task.node() == null || task.node().equals(upid.node().value()))
            .filter(isOurs)
            .map(Upid::value),
        started,
        earlier(task.deadline(), started.plus(LONGEST_WAIT)),
        Math.min(task.attempt(), MOST_ATTEMPTS));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
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
