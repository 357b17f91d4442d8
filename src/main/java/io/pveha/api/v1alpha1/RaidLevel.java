package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** Layout of a ZFS pool, in Proxmox's words. */
public enum RaidLevel {
  /** Exactly one disk, no redundancy within the node. */
  @JsonProperty("single")
  SINGLE,

  /** Two disks or more that hold the same. */
  @JsonProperty("mirror")
  MIRROR,

  /** A stripe of mirrors: four disks or more, an even number. */
  @JsonProperty("raid10")
  RAID10,

  /** One parity disk; three disks or more. */
  @JsonProperty("raidz")
  RAIDZ,

  /** Two parity disks; four disks or more. */
  @JsonProperty("raidz2")
  RAIDZ2,

  /** Three parity disks; five disks or more. */
  @JsonProperty("raidz3")
  RAIDZ3,

  /** Distributed parity like raidz; three disks or more. */
  @JsonProperty("draid")
  DRAID,

  /** Distributed parity like raidz2; four disks or more. */
  @JsonProperty("draid2")
  DRAID2,

  /** Distributed parity like raidz3; five disks or more. */
  @JsonProperty("draid3")
  DRAID3;

  /** The word that Proxmox's API uses. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The fewest disks per node that Proxmox takes for this level. */
  public int minimumDisks() {
    return switch (this) {
      case SINGLE -> 1;
      case MIRROR -> 2;
      case RAIDZ, DRAID -> 3;
      case RAID10, RAIDZ2, DRAID2 -> 4;
      case RAIDZ3, DRAID3 -> 5;
    };
  }
}
