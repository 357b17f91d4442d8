package io.pveha.core.safety;

/**
 * A list of Proxmox from whose gaps something might be concluded. Proxmox leaves out what the
 * caller may not see and answers 200 all the same, so that a gap alone proves nothing.
 */
public enum Listing {
  /** Guests, keyed by vmid; filtered by {@code VM.Audit}. */
  GUESTS("guest", "guests"),
  /**
   * Which guests are in a resource pool, keyed {@code pool/vmid}; filtered by {@code Pool.Audit}.
   */
  POOL_MEMBERS("member", "members of resource pools"),
  /** HA resources, keyed by sid. */
  HA_RESOURCES("HA resource", "HA resources"),
  /** Rules or groups of HA, keyed by name. */
  HA_PLACEMENTS("placement", "HA rules"),
  /**
   * Replication jobs, keyed by id and, for each, {@code vmid>target}; filtered by {@code VM.Audit}
   * on the guest.
   */
  REPLICATION_JOBS("replication job", "replication jobs"),
  /** Storage entries, keyed by id; filtered by {@code Datastore.Audit}. */
  STORAGES("storage", "storages");

  private final String singular;
  private final String plural;

  Listing(String singular, String plural) {
    this.singular = singular;
    this.plural = plural;
  }

  /** How a message calls one of it. */
  public String singular() {
    return singular;
  }

  /** How a message calls all of it. */
  public String plural() {
    return plural;
  }
}
