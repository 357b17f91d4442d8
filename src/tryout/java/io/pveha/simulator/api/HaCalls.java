package io.pveha.simulator.api;

import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.ha.NodeHa;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** HA resources, commands and status. */
final class HaCalls {

  private static final String[] NUMBERS = {"max_restart", "max_relocate", "failback"};

  private HaCalls() {}

  static void register(CallTable table) {
    table.on("GET /cluster/ha", HaCalls::index);
    table.on("GET /cluster/ha/status", HaCalls::statusIndex);
    table.on("POST /cluster/ha/status/arm-ha", HaCalls::arm);
    table.on("POST /cluster/ha/status/disarm-ha", HaCalls::disarm);
    table.on("GET /cluster/ha/status/current", HaCalls::current);
    table.on("GET /cluster/ha/status/manager_status", call -> call.host().ha().managerStatus());
    table.on("GET /cluster/ha/resources", HaCalls::resources);
    table.on("POST /cluster/ha/resources", HaCalls::create);
    table.on("GET /cluster/ha/resources/{sid}", HaCalls::resource);
    table.on("PUT /cluster/ha/resources/{sid}", HaCalls::update);
    table.on("DELETE /cluster/ha/resources/{sid}", HaCalls::delete);
    table.on("POST /cluster/ha/resources/{sid}/migrate", call -> move(call, "migrate"));
    table.on("POST /cluster/ha/resources/{sid}/relocate", call -> move(call, "relocate"));
  }

  private static Object index(Call call) {
    return call.isNine()
        ? Row.index("id", "status", "resources", "groups", "rules")
        : Row.index("id", "status", "resources", "groups");
  }

  private static Object statusIndex(Call call) {
    return call.isNine()
        ? Row.index("name", "current", "manager_status", "disarm-ha", "arm-ha")
        : Row.index("name", "current", "manager_status");
  }

  private static Object arm(Call call) {
    call.host().ha().arm();
    return null;
  }

  private static Object disarm(Call call) {
    call.host().ha().disarm(call.params().text("resource-mode"));
    return null;
  }

  private static Object current(Call call) {
    return Row.each(call.host().ha().current(), Row::of);
  }

  /** {@code vm:100} of either that or {@code 100}. */
  private static String sid(Call call) {
    String sent = call.params().text("sid");
    if (sent.contains(":")) {
      return sent;
    }
    String kind = call.host().config().property(Section.GUESTS, sent, "kind").orElse(null);
    if (kind == null) {
      throw ApiFailure.died("unable to find resource ID for VM " + sent);
    }
    return GuestKind.valueOf(kind).ha() + ":" + sent;
  }

  private static Row row(String sid, Map<String, String> properties) {
    Map<String, String> shown = new TreeMap<>(properties);
    shown.putIfAbsent("state", "started");
    return Row.of("sid", sid).put("type", sid.substring(0, 2)).putAll(shown).numeric(NUMBERS);
  }

  private static Object resources(Call call) {
    String type = call.params().text("type", "");
    String digest = call.host().config().digest(Section.HA_RESOURCES);
    List<Object> rows = new ArrayList<>();
    call.host()
        .ha()
        .resources()
        .forEach(
            (sid, properties) -> {
              if (sid.startsWith(type)) {
                rows.add(row(sid, properties).put("digest", digest).done());
              }
            });
    return rows;
  }

  private static Object resource(Call call) {
    String sid = sid(call);
    SortedMap<String, String> properties = call.host().ha().resources().get(sid);
    if (properties == null) {
      throw ApiFailure.died("no such resource '" + sid + "'");
    }
    String digest = call.host().config().digest(Section.HA_RESOURCES);
    return row(sid, properties).put("digest", digest).done();
  }

  private static Object create(Call call) {
    String sid = sid(call);
    String type = call.params().text("type", sid.substring(0, 2));
    if (!sid.startsWith(type + ":")) {
      throw ApiFailure.badParameter("type", "type does not match the resource ID");
    }
    call.host().ha().createResource(sid, normal(call.params().without("sid", "type")));
    return null;
  }

  /** {@code enabled} is an old word for {@code started}. */
  private static SortedMap<String, String> normal(SortedMap<String, String> properties) {
    properties.computeIfPresent(
        "state", (key, value) -> value.equals("enabled") ? "started" : value);
    return properties;
  }

  private static Object update(Call call) {
    call.host()
        .ha()
        .updateResource(
            sid(call),
            normal(call.params().without("sid", "delete", "digest")),
            call.params().set("delete"),
            call.params().maybe("digest"));
    return null;
  }

  private static Object delete(Call call) {
    call.host().ha().deleteResource(sid(call), call.isNine() && call.params().flag("purge", true));
    return null;
  }

  private static Object move(Call call, String verb) {
    NodeHa.Move move = call.host().ha().move(verb, sid(call), call.params().text("node"));
    if (!call.isNine()) {
      return null;
    }
    Row row = Row.of("sid", move.sid()).put("requested-node", move.node());
    if (!move.comigrated().isEmpty()) {
      row.put("comigrated-resources", move.comigrated());
    }
    if (!move.blocking().isEmpty()) {
      row.put(
          "blocking-resources",
          Row.each(move.blocking(), sid -> Row.of("sid", sid).put("cause", "resource-affinity")));
    }
    return row.done();
  }
}
