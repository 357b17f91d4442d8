package io.pveha.core.failover;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Why a guest would stay down. */
public enum StrandedReason {
  /** Too few votes are left: the others stop too, and nobody may write. */
  QUORUM_LOST,
  /** The HA stack is disarmed, so it recovers nothing. */
  HA_DISARMED,
  /** It is in the error state, which only its owner can end. */
  IN_ERROR,
  /** It is frozen while its LRM restarts, and stays so when that never comes back. */
  FROZEN,
  /** No other node takes services. */
  NO_NODE_LEFT,
  /** A strict rule or restricted group names no remaining node. */
  STRICT_RULE,
  /** Guests that it must be kept apart from are on every node that is left. */
  KEPT_APART,
  /** The node that the manager chooses lacks a storage that holds its disks. */
  NO_STORAGE,
  /** The node that the manager chooses lacks a device, a disk or a file that it is bound to. */
  BOUND_TO_NODE,
  /** The node that the manager chooses has no copy of its disks. */
  NO_REPLICA,
  /** The nodes that are tried have not enough memory left. */
  NO_MEMORY;

  /** As written in a status: NO_REPLICA is NoReplica. */
  public String text() {
    return Arrays.stream(name().split("_"))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }
}
