package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What holds an automatic action about a node back, in the order in which they are asked. */
public enum HealthGuard {
  /** This version of the operator can't do it: fencing is for failover mode Operator. */
  @JsonProperty("NotSupported")
  NOT_SUPPORTED,

  /** {@code spec.health.paused} has reasons. */
  @JsonProperty("Paused")
  PAUSED,

  /** Members contradict each other, or too few can be asked. */
  @JsonProperty("Unsure")
  UNSURE,

  /** Many nodes failed at once: more likely it is the operator, or what they share. */
  @JsonProperty("Storm")
  STORM,

  /** The nodes that are left would not be quorate, or are not now. */
  @JsonProperty("Quorum")
  QUORUM,

  /** Something is done about another node already. */
  @JsonProperty("OneAtATime")
  ONE_AT_A_TIME,

  /** Fewer nodes than {@code spec.health.minHealthy} would be left in good health. */
  @JsonProperty("MinHealthy")
  MIN_HEALTHY,

  /** The node was in bad health until a moment ago, again and again. */
  @JsonProperty("Flapping")
  FLAPPING
}
