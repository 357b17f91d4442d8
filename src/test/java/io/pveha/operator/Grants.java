package io.pveha.operator;

import io.pveha.core.safety.NeededPrivilege;
import io.pveha.proxmox.ApiRequest;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Privileges of the operator's token, taken away and given back as an administrator does. */
final class Grants {

  private static final Map<String, String> HOLDERS =
      Map.of("users", "operator@pve", "tokens", "operator@pve!pveha");

  /** A role of Proxmox's own that takes the place of what is granted above, without Sys.Audit. */
  private static final String NO_AUDIT = "PVEPoolUser";

  private final VirtualStage stage;

  Grants(VirtualStage stage) {
    this.stage = stage;
  }

  /** Takes a role away, or gives it back, from the token and its user. */
  void role(String role, String path, boolean held) {
    HOLDERS.forEach(
        (kind, who) ->
            new ByHand(stage)
                .on("node1")
                .call(
                    ApiRequest.put("/access/acl")
                        .with("path", path)
                        .with("roles", role)
                        .with(kind, who)
                        .with("delete", held ? null : Boolean.TRUE)));
  }

  /** Keeps the token out of one path, or lets it in again. */
  void keptOut(String path, boolean out) {
    new ByHand(stage)
        .on("node1")
        .call(
            ApiRequest.put("/access/acl")
                .with("path", path)
                .with("roles", "NoAccess")
                .with("tokens", HOLDERS.get("tokens"))
                .with("delete", out ? null : Boolean.TRUE));
  }

  /** Takes one privilege away from both, and leaves them the others. */
  void without(NeededPrivilege privilege) {
    if (privilege.path().equals("/access")) {
      role(NO_AUDIT, privilege.path(), true);
      return;
    }
    SortedSet<String> others = privileges(privilege.role());
    others.remove(privilege.name());
    privileges(privilege.role(), others);
  }

  /** Gives it back. */
  void with(NeededPrivilege privilege) {
    if (privilege.path().equals("/access")) {
      role(NO_AUDIT, privilege.path(), false);
      return;
    }
    SortedSet<String> all = privileges(privilege.role());
    all.add(privilege.name());
    privileges(privilege.role(), all);
  }

  private SortedSet<String> privileges(String role) {
    SortedSet<String> names = new TreeSet<>();
    new ByHand(stage)
        .on("node1")
        .call(ApiRequest.get("/access/roles/" + role))
        .fieldNames()
        .forEachRemaining(names::add);
    return names;
  }

  /** Leaves a role these privileges only. */
  void privileges(String role, Iterable<String> privileges) {
    new ByHand(stage)
        .on("node1")
        .call(ApiRequest.put("/access/roles/" + role).with("privs", String.join(",", privileges)));
  }
}
