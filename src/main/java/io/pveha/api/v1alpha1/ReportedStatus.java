package io.pveha.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** What the status of all four kinds has in common. */
public interface ReportedStatus<S extends ReportedStatus<S>> {

  /** Generation of the spec that the rest of the status speaks of; null before the first look. */
  Long observedGeneration();

  /** Standard conditions, one per {@link ConditionType}; never null. */
  List<Condition> conditions();

  /** Steps ahead, in order; empty when Proxmox is as specified. */
  List<PlannedChange> plannedChanges();

  /** What was asked of Proxmox and isn't known to be done. */
  List<PendingTask> pendingTasks();

  S withObservedGeneration(Long generation);

  S withConditions(List<Condition> conditions);

  S withPlannedChanges(List<PlannedChange> changes);

  S withPendingTasks(List<PendingTask> tasks);

  /** The task of that action and subject, or null. */
  default PendingTask pendingTask(String action, String subject) {
    return pendingTasks().stream()
        .filter(task -> action.equals(task.action()) && subject.equals(task.subject()))
        .findFirst()
        .orElse(null);
  }
}
