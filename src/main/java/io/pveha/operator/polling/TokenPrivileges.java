package io.pveha.operator.polling;

import io.pveha.core.safety.HeldPrivileges;
import io.pveha.proxmox.AccessCalls;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.Query;

/** Asks what the operator's token may do. */
public final class TokenPrivileges {

  private TokenPrivileges() {}

  /**
   * As Proxmox tells it when it is asked. The entries are asked for last: what was taken away in
   * between shows by them.
   */
  public static Query<HeldPrivileges> of(ProxmoxApi cluster) {
    AccessCalls access = new AccessCalls(cluster);
    return access
        .permissions()
        .then(
            paths -> {
              HeldPrivileges held = HeldPrivileges.withoutEntries(paths);
              return held.holds(HeldPrivileges.SEES_ENTRIES, "/access")
                  ? access.entries().map(entries -> HeldPrivileges.of(paths, entries))
                  : Query.answered(held);
            });
  }
}
