package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether the operator may write to Proxmox for a resource. */
public enum ManagementPolicy {
  /** The operator makes Proxmox what the spec says. */
  @JsonProperty("Enforce")
  ENFORCE,

  /** The operator reports what it would do in {@code status.plannedChanges} and writes nothing. */
  @JsonProperty("Observe")
  OBSERVE
}
