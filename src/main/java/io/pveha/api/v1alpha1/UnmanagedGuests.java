package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of guests outside HA on a node that is emptied. */
public enum UnmanagedGuests {
  /** They stay, and the cluster says so. */
  @JsonProperty("Leave")
  LEAVE,

  /** They are moved as others are: virtual machines while they run, containers with a restart. */
  @JsonProperty("Move")
  MOVE
}
