package io.pveha.simulator.api;

import io.pveha.simulator.world.NodeHost;
import io.pveha.simulator.world.World;

/**
 * One call at work.
 *
 * @param world all of it
 * @param host the node that the call runs on
 * @param caller who asks
 * @param params what was sent
 */
record Call(World world, NodeHost host, Caller caller, Parameters params) {

  /** The name that tasks carry. */
  String user() {
    return caller.id();
  }

  boolean isNine() {
    return host.version().isNine();
  }

  /** Whether the caller has this privilege on the path. */
  boolean may(String privilege, String path) {
    return Permissions.has(host, caller, privilege, path);
  }

  /** Refuses with 403 unless the caller has the privilege on the path. */
  void need(String privilege, String path) {
    if (!may(privilege, path)) {
      throw ApiFailure.forbidden(path + ", " + privilege);
    }
  }

  /** Refuses with 403 unless the caller has one of the privileges on the path. */
  void needAny(String path, String... privileges) {
    for (String privilege : privileges) {
      if (may(privilege, path)) {
        return;
      }
    }
    throw ApiFailure.forbidden(path + ", " + String.join("|", privileges));
  }

  /** {@code /vms/ID} of a guest. */
  static String vms(Object vmid) {
    return "/vms/" + vmid;
  }
}
