package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Whether a guest goes home after a failover. Proxmox's own failback, which heeds neither delay nor
 * replica, is off with both.
 */
public enum FailbackMode {
  /** It stays until its owner moves it. */
  @JsonProperty("Never")
  NEVER,

  /** It goes home when home has been healthy for the delay and holds a fresh replica. */
  @JsonProperty("Auto")
  AUTO
}
