package io.pveha.operator.polling;

import io.pveha.core.safety.HeldPrivileges;
import io.pveha.proxmox.AccessCalls;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import java.util.Map;

/** Asks what the operator's token may do. */
public final class TokenPrivileges {

  private TokenPrivileges() {}

  /**
   * As Proxmox tells it now. The entries are asked for last: what was taken away in between shows
   * by them.
   *
   * @throws ProxmoxFailure when nobody tells
   */
  public static HeldPrivileges of(ProxmoxApi cluster) {
    AccessCalls access = new AccessCalls(cluster);
    Map<String, Map<String, Boolean>> paths = access.permissions();
    HeldPrivileges held = HeldPrivileges.withoutEntries(paths);
    return held.holds(HeldPrivileges.SEES_ENTRIES, "/access")
        ? HeldPrivileges.of(paths, access.entries())
        : held;
  }
}
