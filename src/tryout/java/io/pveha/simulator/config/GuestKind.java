package io.pveha.simulator.config;

/** Containers and VMs. */
public enum GuestKind {
  CT("lxc", "ct"),
  VM("qemu", "vm");

  private final String api;
  private final String ha;

  GuestKind(String api, String ha) {
    this.api = api;
    this.ha = ha;
  }

  /** As in API paths and resource rows: lxc, qemu. */
  public String api() {
    return api;
  }

  /** As in HA service ids: ct, vm. */
  public String ha() {
    return ha;
  }
}
