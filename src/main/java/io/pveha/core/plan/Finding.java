package io.pveha.core.plan;

/**
 * Something a planner noticed.
 *
 * @param severity what it means
 * @param reason stable word for it
 * @param message names the object or field, and the next step
 */
public record Finding(Severity severity, Reason reason, String message) {

  public static Finding blocks(Reason reason, String message) {
    return new Finding(Severity.BLOCKS, reason, message);
  }

  public static Finding delays(Reason reason, String message) {
    return new Finding(Severity.DELAYS, reason, message);
  }

  public static Finding informs(Reason reason, String message) {
    return new Finding(Severity.INFORMS, reason, message);
  }
}
