package io.pveha.core.safety;

/**
 * A list of Proxmox from whose gaps something might be concluded. Proxmox leaves out what the
 * caller may not see and answers 200 all the same, so that a gap alone proves nothing.
 */
public enum Listing {
  /** Guests, keyed by vmid; filtered by {@code VM.Audit}. */
  GUESTS,
  /** Which guests are in a resource pool, keyed by vmid; filtered by {@code Pool.Audit}. */
  POOL_MEMBERS,
  /** HA resources, keyed by sid. */
  HA_RESOURCES,
  /** Rules or groups of HA, keyed by name. */
  HA_PLACEMENTS,
  /** Replication jobs, keyed by id; filtered by {@code VM.Audit} on the guest. */
  REPLICATION_JOBS,
  /** Storage entries, keyed by id; filtered by {@code Datastore.Audit}. */
  STORAGES
}
