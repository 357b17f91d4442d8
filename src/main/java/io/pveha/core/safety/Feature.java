package io.pveha.core.safety;

/** What of the operator rests on privileges; some of it is not used in every cluster. */
public enum Feature {
  /** Seeing what is there, on which everything rests. */
  SEEING,
  /** HaResources: what Proxmox HA keeps running, where, and moving it. */
  HIGH_AVAILABILITY,
  /** ZfsPools: pools and their storage entries. */
  POOLS,
  /** Options of the datacenter, in {@code spec.haOptions}. */
  OPTIONS,

  /** Knowing that the Proxmox cluster has no other owner. */
  OWNERSHIP,
  /** ReplicationJobs. */
  REPLICATION,
  /** HaResources that make their guest. */
  MAKING_GUESTS,
  /** HaResources that make their guest as a clone. */
  CLONING_GUESTS,
  /** Emptying nodes of guests that are not under HA. */
  MOVING_UNMANAGED_GUESTS;

  /** Whether every cluster needs it, also one that is only observed. */
  public boolean isAlwaysUsed() {
    return this == SEEING;
  }
}
