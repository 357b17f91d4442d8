package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a cluster comes from. */
public enum Formation {
  /** Bare nodes become a cluster: created on the first node of the list, joined by the others. */
  @JsonProperty("Create")
  CREATE,

  /** The cluster exists; its name and members must be those of the spec. */
  @JsonProperty("Adopt")
  ADOPT
}
