package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who brings a guest back after its node died. */
public enum FailoverMode {
  /** Proxmox's own HA stack; about two minutes. */
  @JsonProperty("ProxmoxHA")
  PROXMOX_HA,

  /** The operator itself, after it has fenced the node with a real fence agent; seconds. */
  @JsonProperty("Operator")
  OPERATOR
}
