package io.pveha.simulator.api;

import io.pveha.simulator.api.declare.Rule;
import io.pveha.simulator.world.NodeHost;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Judges the rule of a call. */
final class Permissions {

  private static final Pattern VARIABLE = Pattern.compile("\\{([^}]+)}");

  private final NodeHost host;
  private final Caller caller;
  private final Map<String, String> sent;

  private Permissions(NodeHost host, Caller caller, Map<String, String> sent) {
    this.host = host;
    this.caller = caller;
    this.sent = sent;
  }

  static boolean has(NodeHost host, Caller caller, String privilege, String path) {
    return caller.isRoot() || host.access().privileges(caller.id(), path).containsKey(privilege);
  }

  /**
   * Passes, or refuses with 403 and the text of the real server.
   *
   * @param sent parameters as sent, not judged yet
   */
  static void check(Rule rule, NodeHost host, Caller caller, Map<String, String> sent) {
    if (caller.isRoot() || rule.isForTheWorld()) {
      return;
    }
    if (rule.isRootOnly()) {
      throw ApiFailure.forbidden("user != root@pam");
    }
    Permissions check = new Permissions(host, caller, sent);
    if (!check.holds(rule)) {
      throw ApiFailure.forbidden(check.text(rule));
    }
  }

  private boolean holds(Rule rule) {
    return switch (rule.kind()) {
      case "all" -> true;
      case "and" -> rule.parts().stream().allMatch(this::holds);
      case "or" -> rule.parts().stream().anyMatch(this::holds);
      case "perm" -> hasPrivileges(rule);
      case "perm-modify" -> mayModify(sent.getOrDefault("path", "/"));
      case "userid-param" -> userId(rule.words().get(0));
      case "userid-group" -> has("/access/groups", List.of(rule.words().get(0).split(" ")), true);
      default -> throw new IllegalStateException("no such rule: " + rule.kind());
    };
  }

  private boolean hasPrivileges(Rule rule) {
    int required = rule.words().indexOf("require_param");
    if (required >= 0 && !sent.containsKey(rule.words().get(required + 1))) {
      return false;
    }
    return has(path(rule.words().get(0)), rule.privileges(), rule.anyIsEnough());
  }

  private boolean has(String path, List<String> privileges, boolean any) {
    var held = host.access().privileges(caller.id(), path).keySet();
    return any ? privileges.stream().anyMatch(held::contains) : held.containsAll(privileges);
  }

  private boolean mayModify(String path) {
    String privilege =
        path.startsWith("/storage")
            ? "Datastore.Allocate"
            : path.startsWith("/vms")
                ? "VM.Allocate"
                : path.startsWith("/pool") ? "Pool.Allocate" : "";
    return has(path, List.of("Permissions.Modify", privilege), true);
  }

  private boolean userId(String what) {
    String user = sent.getOrDefault("userid", "");
    if (what.equals("self")) {
      return caller.id().equals(user);
    }
    String realm = user.substring(user.indexOf('@') + 1);
    return has("/access/realm/" + realm, List.of(what), false);
  }

  private String path(String template) {
    Matcher matcher = VARIABLE.matcher(template);
    return matcher.replaceAll(
        found -> Matcher.quoteReplacement(sent.getOrDefault(found.group(1), "")));
  }

  private String text(Rule rule) {
    return switch (rule.kind()) {
      case "and", "or" -> text(rule.parts().get(0));
      case "perm" -> path(rule.words().get(0)) + ", " + String.join("|", rule.privileges());
      case "perm-modify" -> sent.get("path") + ", Permissions.Modify";
      default -> "/access/groups, User.Modify";
    };
  }
}
