package io.pveha.core.plan;

import io.pveha.api.v1alpha1.ConditionReason;

/**
 * Something a planner noticed.
 *
 * @param severity what it means
 * @param reason stable word for it
 * @param message names the object or field, and the next step
 */
public record Finding(Severity severity, ConditionReason reason, String message) {

  public static Finding blocks(ConditionReason reason, String message) {
    return new Finding(Severity.BLOCKS, reason, message);
  }

  public static Finding delays(ConditionReason reason, String message) {
    return new Finding(Severity.DELAYS, reason, message);
  }

  public static Finding informs(ConditionReason reason, String message) {
    return new Finding(Severity.INFORMS, reason, message);
  }
}
