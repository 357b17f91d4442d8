package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a guest changed its node. */
public enum FailoverCause {
  /** Its node died or lost its network. */
  @JsonProperty("NodeLost")
  NODE_LOST,

  /** A health rule evacuated the node. */
  @JsonProperty("NodeUnhealthy")
  NODE_UNHEALTHY,

  /** The node was to be emptied. */
  @JsonProperty("Maintenance")
  MAINTENANCE,

  /** It could not be started where it was. */
  @JsonProperty("ServiceFailed")
  SERVICE_FAILED,

  /** It went home. */
  @JsonProperty("Failback")
  FAILBACK,

  /** Its owner asked for the move. */
  @JsonProperty("Requested")
  REQUESTED,

  /** It moved while not observed. */
  @JsonProperty("Unknown")
  UNKNOWN
}
