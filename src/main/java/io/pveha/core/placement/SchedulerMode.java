package io.pveha.core.placement;

/** How nodes are compared when a service needs one ({@code crs.ha}). */
public enum SchedulerMode {
  /** By the number of services. */
  BASIC,
  /** By what guests are configured to use. */
  STATIC,
  /** By what guests use now. */
  DYNAMIC;

  /** Proxmox's word for it. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
