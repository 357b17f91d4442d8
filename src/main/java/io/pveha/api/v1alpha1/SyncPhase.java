package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a job is that was asked to run now. */
public enum SyncPhase {
  /** Can't be asked yet; the message says what it waits for. Left when it is asked, or too late. */
  @JsonProperty("Waiting")
  WAITING,

  /** Proxmox was asked, or runs it anyway; left when the run ends, or none starts in time. */
  @JsonProperty("Asked")
  ASKED,

  /** A run that began after the order has succeeded. */
  @JsonProperty("Synced")
  SYNCED,

  /** The run failed; Proxmox tries again at its own pace. */
  @JsonProperty("Failed")
  FAILED,

  /** Left out, since the job is suspended or goes away. */
  @JsonProperty("Skipped")
  SKIPPED,

  /** It could not be asked, or did not begin, in time. */
  @JsonProperty("GivenUp")
  GIVEN_UP;

  /** Whether nothing more happens to the job by the order. */
  public boolean isOver() {
    return this != WAITING && this != ASKED;
  }
}
