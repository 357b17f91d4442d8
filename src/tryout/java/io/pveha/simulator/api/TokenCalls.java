package io.pveha.simulator.api;

import io.pveha.simulator.access.AccessControl;
import io.pveha.simulator.config.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Users and their API tokens. */
final class TokenCalls {

  private static final String ROOT = "root@pam";

  private TokenCalls() {}

  static void register(CallTable table) {
    table.on("GET /access/users", TokenCalls::users);
    table.on("GET /access/users/{userid}", TokenCalls::user);
    table.on("POST /access/users", TokenCalls::createUser);
    table.on("DELETE /access/users/{userid}", TokenCalls::deleteUser);
    table.on("GET /access/users/{userid}/token", TokenCalls::tokens);
    table.on("GET /access/users/{userid}/token/{tokenid}", TokenCalls::token);
    table.on("POST /access/users/{userid}/token/{tokenid}", TokenCalls::createToken);
    table.on("DELETE /access/users/{userid}/token/{tokenid}", TokenCalls::deleteToken);
  }

  private static Map<String, SortedMap<String, String>> all(Call call) {
    Map<String, SortedMap<String, String>> users = new TreeMap<>();
    users.put(ROOT, new TreeMap<>(Map.of("enable", "1")));
    users.putAll(call.host().config().section(Section.USERS));
    return users;
  }

  private static Object users(Call call) {
    boolean everybody =
        call.may("User.Modify", "/access/groups") || call.may("Sys.Audit", "/access/groups");
    List<Object> rows = new ArrayList<>();
    all(call)
        .forEach(
            (id, properties) -> {
              boolean wanted =
                  !call.params().has("enabled")
                      || call.params().flag("enabled") == isEnabled(properties);
              if (wanted && (everybody || id.equals(call.caller().user()))) {
                Row row = described(properties).put("userid", id);
                if (call.params().flag("full")) {
                  row.put("tokens", tokenRows(call, id));
                }
                rows.add(row.put("realm-type", id.substring(id.indexOf('@') + 1)).done());
              }
            });
    return rows;
  }

  private static boolean isEnabled(Map<String, String> properties) {
    return !properties.getOrDefault("enable", "1").equals("0");
  }

  private static Row described(Map<String, String> properties) {
    return Row.of(properties).put("enable", isEnabled(properties)).numeric("expire");
  }

  private static Object user(Call call) {
    String id = call.params().text("userid");
    Map<String, String> properties = all(call).get(id);
    if (properties == null) {
      throw ApiFailure.died("no such user ('" + id + "')");
    }
    Map<String, Object> tokens = new TreeMap<>();
    for (Map<String, Object> token : tokenRows(call, id)) {
      Map<String, Object> rest = new TreeMap<>(token);
      tokens.put((String) rest.remove("tokenid"), rest);
    }
    Row row = described(properties).put("groups", List.of());
    if (!tokens.isEmpty()) {
      row.put("tokens", tokens);
    }
    return row.done();
  }

  private static Object createUser(Call call) {
    Parameters params = call.params();
    call.host()
        .access()
        .createUser(
            params.text("userid"), params.maybe("password"), params.without("userid", "password"));
    return null;
  }

  private static Object deleteUser(Call call) {
    call.host().access().deleteUser(call.params().text("userid"));
    return null;
  }

  private static List<Map<String, Object>> tokenRows(Call call, String user) {
    List<Map<String, Object>> rows = new ArrayList<>();
    call.host()
        .config()
        .section(Section.TOKENS)
        .forEach(
            (id, properties) -> {
              if (id.startsWith(user + "!")) {
                String token = id.substring(user.length() + 1);
                rows.add(info(properties).put("tokenid", token).done());
              }
            });
    return rows;
  }

  private static Row info(Map<String, String> properties) {
    return Row.of(properties).numeric("privsep", "expire");
  }

  private static Object tokens(Call call) {
    return tokenRows(call, call.params().text("userid"));
  }

  private static Object token(Call call) {
    String user = call.params().text("userid");
    String token = call.params().text("tokenid");
    return call.host()
        .config()
        .entry(Section.TOKENS, user + "!" + token)
        .map(properties -> info(properties).done())
        .orElseThrow(
            () -> ApiFailure.died("no such token '" + token + "' for user '" + user + "'"));
  }

  private static Object createToken(Call call) {
    Parameters params = call.params();
    SortedMap<String, String> properties = params.without("userid", "tokenid");
    properties.putIfAbsent("privsep", "1");
    AccessControl.NewToken made =
        call.host().access().createToken(params.text("userid"), params.text("tokenid"), properties);
    return Row.of("full-tokenid", made.fullTokenId())
        .put("info", info(properties).done())
        .put("value", made.secret())
        .done();
  }

  private static Object deleteToken(Call call) {
    call.host().access().deleteToken(call.params().text("userid"), call.params().text("tokenid"));
    return null;
  }
}
