package io.pveha.operator;

import io.pveha.proxmox.ApiRequest;
import java.util.Map;

/** Privileges of the operator's token, taken away and given back as an administrator does. */
final class Grants {

  private static final Map<String, String> HOLDERS =
      Map.of("users", "operator@pve", "tokens", "operator@pve!pveha");

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

  /** Leaves a role these privileges only. */
  void privileges(String role, Iterable<String> privileges) {
    new ByHand(stage)
        .on("node1")
        .call(ApiRequest.put("/access/roles/" + role).with("privs", String.join(",", privileges)));
  }
}
