package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to the HA configuration when the HaResource is deleted; the guest always stays. */
public enum HaDeletionPolicy {
  /** The guest stays under Proxmox HA. */
  @JsonProperty("Retain")
  RETAIN,

  /** The guest is taken out of Proxmox HA and goes on as it is. */
  @JsonProperty("RemoveFromHA")
  REMOVE_FROM_HA
}
