package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a cluster is formed; computed from what the nodes report. */
public enum FormationPhase {
  /** Nothing was done yet; left when the first node is ready to create the cluster. */
  @JsonProperty("Pending")
  PENDING,

  /** The cluster is being created on the first node; left when that node reports it. */
  @JsonProperty("Creating")
  CREATING,

  /** Nodes join one after the other; left when the last one is a member. */
  @JsonProperty("Joining")
  JOINING,

  /** All nodes of the spec are members. */
  @JsonProperty("Formed")
  FORMED
}
