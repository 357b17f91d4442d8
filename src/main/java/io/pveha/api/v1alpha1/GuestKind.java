package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What kind of guest. */
public enum GuestKind {
  /** A virtual machine (qemu). */
  @JsonProperty("VM")
  VM,

  /** A container (lxc). */
  @JsonProperty("CT")
  CT;

  /** The part before the colon in the id of an HA resource, as in {@code ct:100}. */
  public String sidPrefix() {
    return switch (this) {
      case VM -> "vm";
      case CT -> "ct";
    };
  }
}
