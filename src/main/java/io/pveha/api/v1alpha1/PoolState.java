package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Health of a pool on one node; after {@code Unknown} in ZFS's words. */
public enum PoolState {
  /** The node could not be asked. */
  @JsonProperty("Unknown")
  UNKNOWN,

  /** The node has no pool of that name. */
  @JsonProperty("Missing")
  MISSING,

  /** Proxmox is making the pool. */
  @JsonProperty("Creating")
  CREATING,

  /** All disks work. */
  @JsonProperty("Online")
  ONLINE,

  /** A disk is gone, the data is still whole. */
  @JsonProperty("Degraded")
  DEGRADED,

  /** The pool can't be used. */
  @JsonProperty("Faulted")
  FAULTED,

  /** The pool stopped answering after errors; what uses it hangs. */
  @JsonProperty("Suspended")
  SUSPENDED,

  /** The pool was taken offline. */
  @JsonProperty("Offline")
  OFFLINE,

  /** The pool can't be opened. */
  @JsonProperty("Unavail")
  UNAVAIL,

  /** The disk was pulled out. */
  @JsonProperty("Removed")
  REMOVED
}
