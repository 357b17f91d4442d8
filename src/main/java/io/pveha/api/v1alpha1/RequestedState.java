package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** State of an HA resource that its owner wants, in Proxmox's words. */
public enum RequestedState {
  /** Kept running, recovered when its node dies. */
  @JsonProperty("started")
  STARTED,

  /** Kept stopped, still recovered to another node when its node dies. */
  @JsonProperty("stopped")
  STOPPED,

  /** Stopped and not recovered; the only way out of the error state. */
  @JsonProperty("disabled")
  DISABLED,

  /** Left alone by the HA stack. */
  @JsonProperty("ignored")
  IGNORED;

  /** The word that Proxmox's API uses. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
