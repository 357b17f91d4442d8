package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the operator may do about a replication job whose chain of snapshots is broken. */
public enum Repair {
  /** Report it and leave it alone. */
  @JsonProperty("Never")
  NEVER,

  /** Remove the job with its replica and create it again; a full transfer. */
  @JsonProperty("Recreate")
  RECREATE
}
