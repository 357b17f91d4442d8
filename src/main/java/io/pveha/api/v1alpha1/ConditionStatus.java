package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Status of a condition, as Kubernetes spells it. */
public enum ConditionStatus {
  /** It holds. */
  @JsonProperty("True")
  TRUE("True"),

  /** It does not hold. */
  @JsonProperty("False")
  FALSE("False"),

  /** Unknown; this is not False. */
  @JsonProperty("Unknown")
  UNKNOWN("Unknown");

  private final String text;

  ConditionStatus(String text) {
    this.text = text;
  }

  /** As written in {@code Condition.status}. */
  public String text() {
    return text;
  }
}
