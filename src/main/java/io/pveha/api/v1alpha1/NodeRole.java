package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What part a node plays in its cluster. */
public enum NodeRole {
  /** Runs the HA manager that decides for the whole cluster. */
  @JsonProperty("HaMaster")
  HA_MASTER,

  /** Is not at the home site; placement takes it last. */
  @JsonProperty("RemoteSite")
  REMOTE_SITE,

  /** Has no vote in the quorum. */
  @JsonProperty("Voteless")
  VOTELESS
}
