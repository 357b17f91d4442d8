package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** How Proxmox picks a node for an HA resource ({@code crs: ha=...}). */
public enum Scheduler {
  /** Counts the HA resources on each node. */
  @JsonProperty("basic")
  BASIC,

  /** Weighs the configured CPUs and memory of the guests. */
  @JsonProperty("static")
  STATIC,

  /** Weighs measured load; Proxmox VE 9.2 and later. */
  @JsonProperty("dynamic")
  DYNAMIC;

  /** The word that Proxmox's API uses. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
