package io.pveha.core.safety;

/**
 * A list of Proxmox from whose gaps something might be concluded. Proxmox leaves out what the
 * caller may not see and answers 200 all the same, so that a gap alone proves nothing.
 */
public enum Listing {
  /** Guests, keyed by vmid; filtered by {@code VM.Audit}. */
  GUESTS("guests"),
  /** Which guests are in a resource pool, keyed by vmid; filtered by {@code Pool.Audit}. */
  POOL_MEMBERS("the members of resource pools"),
  /** HA resources, keyed by sid. */
  HA_RESOURCES("HA resources"),
  /** Rules or groups of HA, keyed by name. */
  HA_PLACEMENTS("HA rules and groups"),
  /** Replication jobs, keyed by id; filtered by {@code VM.Audit} on the guest. */
  REPLICATION_JOBS("replication jobs"),
  /** Storage entries, keyed by id; filtered by {@code Datastore.Audit}. */
  STORAGES("storages");

  private final String words;

  Listing(String words) {
    this.words = words;
  }

  /** What it lists, as a plural within a sentence. */
  public String words() {
    return words;
  }
}
