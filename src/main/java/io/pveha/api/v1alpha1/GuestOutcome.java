package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What would happen to a guest when a node dies. */
public enum GuestOutcome {
  /** It is started on another node. */
  @JsonProperty("Recovered")
  RECOVERED,

  /** It stays down until somebody acts. */
  @JsonProperty("Stranded")
  STRANDED,

  /** It does not run there. */
  @JsonProperty("Unaffected")
  UNAFFECTED,

  /** Unknown: a rule of it is not understood. */
  @JsonProperty("Unknown")
  UNKNOWN
}
