package io.pveha.simulator.api;

import io.pveha.simulator.config.Section;
import io.pveha.simulator.membership.ClusterMember;
import io.pveha.simulator.world.NodeHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tickets, roles, the access control list, and what one may do. */
final class AccessCalls {

  private static final List<String> TOP_LEVEL =
      List.of("/", "/access", "/mapping", "/nodes", "/pool", "/sdn", "/storage", "/vms");

  private AccessCalls() {}

  static void register(CallTable table) {
    table.on("GET /access/ticket", call -> null);
    table.on("POST /access/ticket", AccessCalls::login);
    table.on("GET /access/roles", AccessCalls::roles);
    table.on("GET /access/roles/{roleid}", AccessCalls::role);
    table.on("POST /access/roles", AccessCalls::createRole);
    table.on("PUT /access/roles/{roleid}", AccessCalls::updateRole);
    table.on("DELETE /access/roles/{roleid}", AccessCalls::deleteRole);
    table.on("GET /access/acl", AccessCalls::acl);
    table.on("PUT /access/acl", AccessCalls::setAcl);
    table.on("GET /access/permissions", AccessCalls::permissions);
  }

  private static Object login(Call call) {
    Parameters params = call.params();
    String user = params.text("username");
    if (!user.contains("@")) {
      user += "@" + params.text("realm", "pam");
    }
    NodeHost host = call.host();
    String password = params.text("password");
    boolean renewed =
        Tickets.user(host, password).filter(user::equals).isPresent()
            && host.access().isActive(user);
    if (!renewed && !host.access().checkPassword(user, password)) {
      throw ApiFailure.unauthorized("authentication failure");
    }
    Caller caller = new Caller(user);
    Row row =
        Row.of("username", user)
            .put("ticket", Tickets.ticket(host, user))
            .put("CSRFPreventionToken", Tickets.csrfToken(host, user))
            .put("cap", capabilities(host, caller));
    host.cluster()
        .status()
        .head()
        .map(ClusterMember.Head::name)
        .ifPresent(name -> row.put("clustername", name));
    return row.done();
  }

  /** What the web interface needs to know about rights. */
  private static Map<String, Object> capabilities(NodeHost host, Caller caller) {
    Map<String, Object> caps = new TreeMap<>();
    Map<String, String> areas =
        Map.of(
            "access",
            "/access",
            "dc",
            "/",
            "nodes",
            "/nodes",
            "storage",
            "/storage",
            "vms",
            "/vms",
            "sdn",
            "/sdn",
            "mapping",
            "/mapping");
    areas.forEach(
        (area, path) -> {
          Map<String, Object> held = new TreeMap<>();
          host.access().privileges(caller.id(), path).keySet().forEach(name -> held.put(name, 1));
          caps.put(area, held);
        });
    return caps;
  }

  private static Object roles(Call call) {
    List<Object> rows = new ArrayList<>();
    call.host()
        .access()
        .roles()
        .forEach(
            (id, privileges) ->
                rows.add(
                    Row.of("roleid", id)
                        .put("privs", String.join(",", privileges))
                        .put("special", !isOwn(call, id))
                        .done()));
    return rows;
  }

  private static boolean isOwn(Call call, String role) {
    return call.host().config().entry(Section.ROLES, role).isPresent();
  }

  private static Object role(Call call) {
    String id = call.params().text("roleid");
    SortedSet<String> privileges = call.host().access().roles().get(id);
    if (privileges == null) {
      throw ApiFailure.died("role '" + id + "' does not exist");
    }
    Map<String, Object> held = new TreeMap<>();
    privileges.forEach(name -> held.put(name, 1));
    return held;
  }

  private static Object createRole(Call call) {
    call.host().access().createRole(call.params().text("roleid"), privileges(call));
    return null;
  }

  private static Object updateRole(Call call) {
    boolean append = call.params().flag("append");
    call.host().access().updateRole(call.params().text("roleid"), privileges(call), append);
    return null;
  }

  private static SortedSet<String> privileges(Call call) {
    return new TreeSet<>(call.params().list("privs"));
  }

  private static Object deleteRole(Call call) {
    call.host().access().deleteRole(call.params().text("roleid"));
    return null;
  }

  private static Object acl(Call call) {
    List<Object> rows = new ArrayList<>();
    boolean all = call.may("Sys.Audit", "/access");
    for (SortedMap<String, String> entry : call.host().config().section(Section.ACL).values()) {
      if (all || call.may("Permissions.Modify", entry.get("path"))) {
        rows.add(
            Row.of("path", entry.get("path"))
                .put("type", entry.get("type"))
                .put("ugid", entry.get("ugid"))
                .put("roleid", entry.get("role"))
                .put("propagate", !entry.getOrDefault("propagate", "1").equals("0"))
                .done());
      }
    }
    return rows;
  }

  private static Object setAcl(Call call) {
    Parameters params = call.params();
    boolean nobody = params.list("users").isEmpty() && params.list("tokens").isEmpty();
    if (nobody && params.list("groups").isEmpty()) {
      throw ApiFailure.badParameter("users", "either 'users', 'tokens' or 'groups' is required.");
    }
    for (String role : params.list("roles")) {
      Map.of("user", "users", "token", "tokens", "group", "groups")
          .forEach((type, list) -> params.list(list).forEach(id -> setOne(call, type, id, role)));
    }
    return null;
  }

  private static void setOne(Call call, String type, String id, String role) {
    Parameters params = call.params();
    String path = params.text("path");
    if (!path.startsWith("/") || path.length() > 1 && path.endsWith("/")) {
      throw ApiFailure.badParameter("path", "invalid ACL path '" + path + "'");
    }
    boolean propagate = params.flag("propagate", true);
    call.host().access().setAcl(path, type, id, role, propagate, params.flag("delete"));
  }

  private static Object permissions(Call call) {
    String id = call.params().text("userid", call.caller().id());
    boolean own = id.equals(call.caller().id()) || id.startsWith(call.caller().id() + "!");
    if (!own) {
      call.need("Sys.Audit", "/access");
    }
    List<String> paths = new ArrayList<>();
    Optional<String> one = call.params().maybe("path");
    one.ifPresentOrElse(paths::add, () -> paths.addAll(TOP_LEVEL));
    if (one.isEmpty()) {
      call.host().config().section(Section.ACL).values().forEach(acl -> paths.add(acl.get("path")));
      GuestCalls.inPools(call).forEach(vmid -> paths.add(Call.vms(vmid)));
    }
    Map<String, Object> answer = new TreeMap<>();
    for (String path : paths) {
      Map<String, Boolean> held = call.host().access().privileges(id, path);
      if (!held.isEmpty() || one.isPresent()) {
        answer.put(path, new TreeMap<>(held));
      }
    }
    return answer;
  }
}
