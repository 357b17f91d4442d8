package io.pveha.core.safety;

import java.util.Optional;

/**
 * What becomes of an object that is being deleted. A deletion policy is carried out, or its owner
 * says that it is not to be; it is never skipped because its cluster can't be worked with.
 */
public enum Farewell {
  /** Nothing is to be done in Proxmox, or its owner gave it up: it may go. */
  LET_GO,
  /** The deletion policy is carried out now. */
  CARRY_OUT,
  /** The deletion policy can't be carried out yet: it stays until that can be, or is abandoned. */
  WAIT;

  /** What the cluster of the object allows. */
  public enum Cluster {
    /** It can be worked with. */
    READY,
    /** It can't be worked with now, and may be again. */
    OUT_OF_REACH,
    /** Another one owns it, and so what is in it. */
    TAKEN,
    /** It was never formed, or there is no object of its name. */
    NEVER_FORMED_OR_GONE
  }

  /**
   * Decides.
   *
   * @param asksNothing whether policy and mode leave Proxmox as it is
   * @param abandoned whether its owner gave it up
   * @param everWorked whether anything of it may ever have been written
   */
  public static Farewell of(
      boolean asksNothing, boolean abandoned, boolean everWorked, Cluster cluster) {
    if (asksNothing || abandoned) {
      return LET_GO;
    }
    return switch (cluster) {
      case READY -> CARRY_OUT;
      case OUT_OF_REACH -> WAIT;
      case TAKEN -> LET_GO;
      case NEVER_FORMED_OR_GONE -> everWorked ? WAIT : LET_GO;
    };
  }

  /** What is to be told when an object goes although its policy was not carried out. */
  public Optional<String> untold(boolean asksNothing, boolean abandoned, Cluster cluster) {
    if (this != LET_GO || asksNothing) {
      return Optional.empty();
    }
    if (abandoned) {
      return Optional.of("released by its owner");
    }
    return Optional.of(
        cluster == Cluster.TAKEN
            ? "its ProxmoxCluster does not own the Proxmox cluster"
            : "nothing of it was ever written to Proxmox");
  }
}
