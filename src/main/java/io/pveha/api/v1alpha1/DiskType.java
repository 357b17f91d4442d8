package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** Kind of disk, in Proxmox's words. */
public enum DiskType {
  /** Solid state, SATA or SAS. */
  @JsonProperty("ssd")
  SSD,

  /** Rotating. */
  @JsonProperty("hdd")
  HDD,

  /** Solid state, NVMe. */
  @JsonProperty("nvme")
  NVME;

  /** The word that Proxmox's API uses. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
