package io.pveha.core.cluster;

/** What a guest is. */
public enum GuestKind {
  /** A virtual machine; moves while it runs. */
  VM("qemu", "vm"),
  /** A container; is stopped, moved and started. */
  CT("lxc", "ct");

  private final String apiName;
  private final String haPrefix;

  GuestKind(String apiName, String haPrefix) {
    this.apiName = apiName;
    this.haPrefix = haPrefix;
  }

  /** Proxmox's word for it in paths and lists: {@code qemu} or {@code lxc}. */
  public String apiName() {
    return apiName;
  }

  /** Proxmox HA's word for it: {@code vm} or {@code ct}. */
  public String haPrefix() {
    return haPrefix;
  }

  /**
   * The kind that Proxmox calls so.
   *
   * @throws IllegalArgumentException when it is neither {@code qemu} nor {@code lxc}
   */
  public static GuestKind ofApiName(String name) {
    for (GuestKind kind : values()) {
      if (kind.apiName.equals(name)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("unknown guest kind: " + name);
  }
}
