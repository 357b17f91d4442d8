package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What Proxmox HA does with guests of a node that is shut down on purpose. */
public enum ShutdownPolicy {
  /** Guests are frozen on reboot and recovered elsewhere on shutdown. */
  @JsonProperty("conditional")
  CONDITIONAL,

  /** Guests are recovered elsewhere. */
  @JsonProperty("failover")
  FAILOVER,

  /** Guests wait for the node to come back. */
  @JsonProperty("freeze")
  FREEZE,

  /** Guests are moved away before the node goes down. */
  @JsonProperty("migrate")
  MIGRATE;

  /** The word that Proxmox's API uses. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
