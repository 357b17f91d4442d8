package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** Compression of a ZFS pool, in Proxmox's words. */
public enum Compression {
  /** What ZFS thinks best. */
  @JsonProperty("on")
  ON,

  /** None. */
  @JsonProperty("off")
  OFF,

  /** Gzip. */
  @JsonProperty("gzip")
  GZIP,

  /** LZ4. */
  @JsonProperty("lz4")
  LZ4,

  /** LZJB. */
  @JsonProperty("lzjb")
  LZJB,

  /** Zero-length encoding. */
  @JsonProperty("zle")
  ZLE,

  /** Zstandard. */
  @JsonProperty("zstd")
  ZSTD;

  /** The word that Proxmox's API uses. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
