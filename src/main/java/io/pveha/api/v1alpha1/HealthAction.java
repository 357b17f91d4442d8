package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a health rule does about a node, from the mildest to the hardest. */
public enum HealthAction {
  /** Show it in conditions, Events and metrics; nothing else. */
  @JsonProperty("Report")
  REPORT,

  /** Keep new guests away from the node. */
  @JsonProperty("Cordon")
  CORDON,

  /** Cordon, and move its guests to where their replicas are. */
  @JsonProperty("Evacuate")
  EVACUATE,

  /** Cut the node's power; only with failover mode Operator. */
  @JsonProperty("Fence")
  FENCE;

  /** Whether it changes something, so that guards are asked before. */
  public boolean isGuarded() {
    return this != REPORT;
  }
}
