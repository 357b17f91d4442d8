package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What a Proxmox storage may hold; a ZFS pool knows these two. */
public enum StorageContent {
  /** Disks of virtual machines. */
  @JsonProperty("images")
  IMAGES,

  /** Volumes of containers. */
  @JsonProperty("rootdir")
  ROOTDIR;

  /** The word that Proxmox's API uses. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
