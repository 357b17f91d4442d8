package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** State of one replication job of Proxmox. */
public enum JobState {
  /** Asked for, not listed by Proxmox yet. */
  @JsonProperty("Creating")
  CREATING,

  /** Did not run yet. */
  @JsonProperty("Waiting")
  WAITING,

  /** A run is in progress. */
  @JsonProperty("Syncing")
  SYNCING,

  /** The last run succeeded. */
  @JsonProperty("Ok")
  OK,

  /** The last run failed; Proxmox tries again after 5, 10, 15, then every 30 minutes. */
  @JsonProperty("Failing")
  FAILING,

  /** Disabled in the spec. */
  @JsonProperty("Suspended")
  SUSPENDED,

  /** The target is not a member now; Proxmox does not try. */
  @JsonProperty("TargetOffline")
  TARGET_OFFLINE,

  /** Marked for removal, waits for the guest's node to do it. */
  @JsonProperty("Removing")
  REMOVING,

  /** The node of the guest could not be asked; the last known figures are shown. */
  @JsonProperty("Unknown")
  UNKNOWN
}
