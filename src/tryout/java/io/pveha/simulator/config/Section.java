package io.pveha.simulator.config;

/** The files of the replicated configuration that consist of entries with an id and properties. */
public enum Section {
  /** {@code corosync.conf} nodelist: name to nodeid, quorum_votes, ringN_addr, linkN_priority. */
  COROSYNC_NODES("corosync.conf"),
  /** {@code corosync.conf} totem: one entry {@code totem}. */
  COROSYNC_TOTEM("corosync.conf"),
  /** {@code storage.cfg}: id to type, content, pool, nodes ... */
  STORAGE("storage.cfg"),
  /** {@code user.cfg} users: userid to enable, expire, email, comment. */
  USERS("user.cfg"),
  /** {@code user.cfg} tokens: {@code user@realm!id} to privsep, expire, comment. */
  TOKENS("user.cfg"),
  /** {@code user.cfg} own roles: id to privs. */
  ROLES("user.cfg"),
  /** {@code user.cfg} groups: id to users, comment. */
  USER_GROUPS("user.cfg"),
  /** {@code user.cfg} acl: {@code path|type|ugid|role} to those four and propagate. */
  ACL("user.cfg"),
  /** {@code user.cfg} pools: id to comment; a guest names its pool itself. */
  RESOURCE_POOLS("user.cfg"),
  /** {@code priv/shadow.cfg} and {@code priv/token.cfg}: id to secret. */
  SECRETS("priv/shadow.cfg"),
  /**
   * {@code replication.cfg}: id to guest, target, source, schedule, rate, disable, remove_job ...
   */
  REPLICATION("replication.cfg"),
  /** {@code ha/resources.cfg}: sid to state, max_restart, max_relocate, failback or group ... */
  HA_RESOURCES("ha/resources.cfg"),
  /** {@code ha/groups.cfg}: id to nodes, restricted, nofailback. */
  HA_GROUPS("ha/groups.cfg"),
  /** {@code ha/rules.cfg}: id to type, resources, nodes, strict, affinity, disable. */
  HA_RULES("ha/rules.cfg"),
  /** {@code datacenter.cfg}: one entry {@code datacenter}. */
  DATACENTER("datacenter.cfg"),
  /** {@code nodes/NODE/lxc|qemu-server/ID.conf}: vmid to {@code node}, {@code kind} and options. */
  GUESTS("vmlist"),
  /** {@code mapping/pci.cfg} and {@code mapping/usb.cfg}: {@code pci/ID} to map and description. */
  MAPPINGS("mapping/pci.cfg"),
  /** {@code nodes/NODE/pve-ssl.pem}: node to generation, issuer and fingerprint. */
  CERTIFICATES("pve-ssl.pem");

  private final String file;

  Section(String file) {
    this.file = file;
  }

  /** The file below {@code /etc/pve}, as in lock names and error texts. */
  public String file() {
    return file;
  }

  /** The name in lock errors: {@code file-storage_cfg}. */
  public String lockName() {
    return "file-" + file.replace('/', '-').replace('.', '_');
  }
}
