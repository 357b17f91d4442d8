package io.pveha.simulator.api;

import io.pveha.simulator.access.AccessControl;
import io.pveha.simulator.world.NodeHost;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The account that an operator is given: a user and a token with privilege separation, both with
 * the least privileges that it needs, by path.
 */
final class OperatorAccount {

  private static final String USER = "operator@pve";
  private static final String TOKEN = "pveha";

  private static final String ROOT = "Sys.Audit Sys.Console Sys.Modify Sys.PowerMgmt Sys.Syslog";
  private static final String STORAGE =
      "Datastore.Allocate Datastore.AllocateSpace Datastore.AllocateTemplate Datastore.Audit";
  private static final String GUESTS =
      "VM.Allocate VM.Audit VM.Clone VM.Migrate VM.PowerMgmt VM.Snapshot VM.Config.Disk"
          + " VM.Config.CPU VM.Config.Memory VM.Config.Network VM.Config.HWType VM.Config.Options"
          + " VM.Config.CDROM VM.Config.Cloudinit";

  private OperatorAccount() {}

  /** Makes it on this node; the cluster that it creates takes the account along. */
  static AccessControl.NewToken create(NodeHost node) {
    AccessControl access = node.access();
    access.createUser(USER, Optional.empty(), Map.of("comment", "the operator"));
    AccessControl.NewToken token = access.createToken(USER, TOKEN, Map.of("privsep", "1"));
    String guests =
        GUESTS + (node.version().isNine() ? " VM.Replicate VM.GuestAgent.Audit" : " VM.Monitor");
    grant(access, token, "/", "HaOperatorCluster", ROOT);
    grant(access, token, "/storage", "HaOperatorStorage", STORAGE);
    grant(access, token, "/vms", "HaOperatorGuests", guests);
    grant(access, token, "/sdn/zones", "HaOperatorNetwork", "SDN.Use");
    grant(access, token, "/pool", "HaOperatorPools", "Pool.Audit");
    grant(access, token, "/mapping", "HaOperatorMappings", "Mapping.Audit");
    return token;
  }

  private static void grant(
      AccessControl access,
      AccessControl.NewToken token,
      String path,
      String role,
      String privileges) {
    access.createRole(role, new TreeSet<>(Arrays.asList(privileges.split(" "))));
    access.setAcl(path, "user", USER, role, true, false);
    access.setAcl(path, "token", token.fullTokenId(), role, true, false);
  }
}
