package io.pveha.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import java.util.Set;

/** Whether a condition is bad news. */
public final class ConditionMeaning {

  /** True is bad news for these; False is for the others. */
  private static final Set<String> BAD_WHEN_TRUE =
      Set.of(
          ConditionType.STALLED.text(),
          ConditionType.DEGRADED.text(),
          ConditionType.PLACEMENT_MIGRATION_PENDING.text(),
          ConditionType.ACTION_HELD_BACK.text(),
          ConditionType.FAILING_OVER.text());

  /** Waiting for these is a part of any normal start. */
  private static final Set<String> ON_THE_WAY =
      Set.of(
          ConditionReason.PLANNED.text(),
          ConditionReason.IN_PROGRESS.text(),
          ConditionReason.WAITING_FOR_CLUSTER.text(),
          ConditionReason.WAITING_FOR_NODE.text(),
          ConditionReason.WAITING_FOR_STORAGE.text(),
          ConditionReason.WAITING_FOR_GUEST.text(),
          ConditionReason.WAITING_FOR_HA_RESOURCE.text(),
          ConditionReason.CREATING.text(),
          ConditionReason.JOINING.text(),
          ConditionReason.NOT_FORMED.text(),
          ConditionReason.STARTING.text(),
          ConditionReason.STOPPING.text(),
          ConditionReason.MOVING.text(),
          ConditionReason.ABSENCE_UNPROVEN.text(),
          ConditionReason.NEVER_SYNCED.text());

  private ConditionMeaning() {}

  static boolean isBad(Condition condition) {
    return isAmiss(condition) && !ON_THE_WAY.contains(condition.getReason());
  }

  /** Not as it should be in the end, be it on the way there. */
  public static boolean isAmiss(Condition condition) {
    return BAD_WHEN_TRUE.contains(condition.getType())
        ? "True".equals(condition.getStatus())
        : "False".equals(condition.getStatus());
  }
}
