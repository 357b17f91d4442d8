package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happened when, in a failover, in order. */
public enum FailoverPhase {
  /** The operator saw the node leave the membership. */
  @JsonProperty("LossSeen")
  LOSS_SEEN,

  /** The HA manager declared the node lost: service state fence. */
  @JsonProperty("Declared")
  DECLARED,

  /** The node is known to be down: service state recovery. */
  @JsonProperty("Fenced")
  FENCED,

  /** The guest's configuration belongs to its new node. */
  @JsonProperty("Recovered")
  RECOVERED,

  /** The new node was told to start it. */
  @JsonProperty("StartIssued")
  START_ISSUED,

  /** Proxmox reports it running. */
  @JsonProperty("Running")
  RUNNING,

  /** Its probe answers. */
  @JsonProperty("Answering")
  ANSWERING;

  /** Whether it is good news. */
  public boolean isGood() {
    return this != LOSS_SEEN && this != DECLARED;
  }

  /** As written in status and Events. */
  public String text() {
    return CamelCase.of(this);
  }
}
