package io.pveha.simulator.api;

import io.pveha.simulator.config.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** HA groups of 8.x and HA rules of 9.x. The world refuses groups on 9.x with the real text. */
final class HaPlacementCalls {

  private HaPlacementCalls() {}

  static void register(CallTable table) {
    table.on("GET /cluster/ha/groups", HaPlacementCalls::groups);
    table.on("POST /cluster/ha/groups", HaPlacementCalls::createGroup);
    table.on("GET /cluster/ha/groups/{group}", HaPlacementCalls::group);
    table.on("PUT /cluster/ha/groups/{group}", HaPlacementCalls::updateGroup);
    table.on("DELETE /cluster/ha/groups/{group}", HaPlacementCalls::deleteGroup);
    table.on("GET /cluster/ha/rules", HaPlacementCalls::rules);
    table.on("POST /cluster/ha/rules", HaPlacementCalls::createRule);
    table.on("GET /cluster/ha/rules/{rule}", HaPlacementCalls::rule);
    table.on("PUT /cluster/ha/rules/{rule}", HaPlacementCalls::updateRule);
    table.on("DELETE /cluster/ha/rules/{rule}", HaPlacementCalls::deleteRule);
  }

  private static Row groupRow(Call call, String id, Map<String, String> properties) {
    return Row.of("group", id)
        .put("type", "group")
        .putAll(properties)
        .numeric("restricted", "nofailback")
        .put("digest", call.host().config().digest(Section.HA_GROUPS));
  }

  private static Object groups(Call call) {
    List<Object> rows = new ArrayList<>();
    call.host()
        .ha()
        .groups()
        .forEach((id, properties) -> rows.add(groupRow(call, id, properties).done()));
    return rows;
  }

  private static Object group(Call call) {
    String id = call.params().text("group");
    SortedMap<String, String> properties = call.host().ha().groups().get(id);
    if (properties == null) {
      throw ApiFailure.died("no such ha group '" + id + "'");
    }
    return groupRow(call, id, properties).done();
  }

  private static Object createGroup(Call call) {
    call.host()
        .ha()
        .createGroup(call.params().text("group"), call.params().without("group", "type"));
    return null;
  }

  private static Object updateGroup(Call call) {
    call.host()
        .ha()
        .updateGroup(
            call.params().text("group"),
            call.params().without("group", "delete", "digest"),
            call.params().set("delete"),
            call.params().maybe("digest"));
    return null;
  }

  private static Object deleteGroup(Call call) {
    call.host().ha().deleteGroup(call.params().text("group"));
    return null;
  }

  private static Row ruleRow(Call call, String id, Map<String, String> properties) {
    Row row =
        Row.of("rule", id)
            .putAll(properties)
            .put("order", 1 + List.copyOf(call.host().ha().rules().keySet()).indexOf(id))
            .numeric("strict", "disable")
            .put("digest", call.host().config().digest(Section.HA_RULES));
    if (properties.containsKey("nodes")) {
      row.put("nodes", byName(properties.get("nodes")));
    }
    Map<String, List<String>> errors = call.host().ha().ruleErrors(id);
    return errors.isEmpty() ? row : row.put("errors", errors);
  }

  private static String byName(String nodes) {
    return Arrays.stream(nodes.split("[,; ]+")).sorted().collect(Collectors.joining(","));
  }

  private static Object rules(Call call) {
    String type = call.params().text("type");
    String resource = call.params().text("resource");
    List<Object> rows = new ArrayList<>();
    call.host()
        .ha()
        .rules()
        .forEach(
            (id, properties) -> {
              List<String> members = List.of(properties.getOrDefault("resources", "").split(","));
              boolean wanted = type == null || type.equals(properties.get("type"));
              if (wanted && (resource == null || members.contains(resource))) {
                rows.add(ruleRow(call, id, properties).done());
              }
            });
    return rows;
  }

  private static Object rule(Call call) {
    String id = call.params().text("rule");
    return ruleRow(call, id, call.host().ha().requireRule(id)).done();
  }

  private static void needForType(Call call) {
    String type = call.params().text("type");
    boolean nodes = type.equals("node-affinity");
    String missing = nodes ? "nodes" : "affinity";
    String foreign = nodes ? "affinity" : call.params().has("nodes") ? "nodes" : "strict";
    boolean creates = !call.host().ha().rules().containsKey(call.params().text("rule"));
    if (creates && !call.params().has(missing)) {
      throw ApiFailure.badParameter(missing, "property is missing and it is not optional");
    }
    boolean known = nodes && call.host().version().hasNegativeNodeAffinity();
    if (call.params().has(foreign) && !known) {
      throw ApiFailure.died("unexpected property '" + foreign + "' for type '" + type + "'");
    }
  }

  private static Object createRule(Call call) {
    needForType(call);
    call.host().ha().createRule(call.params().text("rule"), call.params().without("rule"));
    return null;
  }

  private static Object updateRule(Call call) {
    needForType(call);
    call.host()
        .ha()
        .updateRule(
            call.params().text("rule"),
            call.params().without("rule", "delete", "digest"),
            call.params().set("delete"),
            call.params().maybe("digest"));
    return null;
  }

  private static Object deleteRule(Call call) {
    call.host().ha().deleteRule(call.params().text("rule"));
    return null;
  }
}
