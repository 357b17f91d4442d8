package io.pveha.app.rehearse;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * The three levels at which events are compared: L1 where everything ends, L2 the way there per
 * service, node and daemon, L3 every core event with its time. Events are JSON objects.
 */
final class Levels {

  private static final Map<String, List<String>> CORE =
      Map.of(
          "serviceState", List.of("sid", "from", "to", "node", "target", "timeout"),
          "nodeState", List.of("node", "from", "to"),
          "daemonState", List.of("from", "to"),
          "started", List.of("sid"),
          "stopped", List.of("sid"),
          "migrateBegin", List.of("sid", "target"),
          "migrateEnd", List.of("sid", "target"),
          "relocateBegin", List.of("sid", "target"),
          "relocateEnd", List.of("sid", "target"),
          "powerOff", List.of("node", "by"));

  private static final Set<String> GUEST_LEAVES = Set.of("stopped", "migrateEnd", "relocateEnd");

  private final JsonNode document;
  private final Map<String, Map<String, String>> services = new TreeMap<>();
  private final Map<String, Map<String, String>> nodes = new TreeMap<>();

  private Levels(JsonNode document) {
    this.document = document;
  }

  /** L3: the core events in order, with time, actor and the fields that count. */
  static List<Map<String, Object>> coreEvents(Iterable<JsonNode> events) {
    List<Map<String, Object>> core = new ArrayList<>();
    for (JsonNode event : events) {
      List<String> fields = CORE.get(event.path("event").asText());
      if (fields != null) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("t", event.path("t").asLong());
        row.put("actor", text(event, "actor"));
        row.put("event", text(event, "event"));
        for (String field : fields) {
          if (event.hasNonNull(field)) {
            row.put(field, event.get(field).asText());
          }
        }
        core.add(row);
      }
    }
    return core;
  }

  /** L2: per service, node and daemon its transitions in order, without time. */
  static Map<String, List<String>> transitions(Iterable<JsonNode> events) {
    Map<String, List<String>> transitions = new TreeMap<>();
    for (JsonNode event : events) {
      String subject =
          switch (text(event, "event")) {
            case "serviceState",
                "serviceAdded",
                "serviceRemoved",
                "disarmService",
                "serviceNodeUpdated" ->
                "service " + text(event, "sid");
            case "nodeState" -> "node " + text(event, "node");
            case "daemonState", "daemonExit", "daemonKilled" -> "daemon " + text(event, "actor");
            default -> null;
          };
      if (subject != null) {
        transitions.computeIfAbsent(subject, s -> new ArrayList<>()).add(transition(event));
      }
    }
    return transitions;
  }

  private static String transition(JsonNode event) {
    return switch (text(event, "event")) {
      case "daemonExit", "daemonKilled" -> "off";
      default ->
          String.join(
              " ",
              text(event, "event"),
              text(event, "from"),
              text(event, "to"),
              text(event, "node"),
              text(event, "target"),
              text(event, "reason"),
              text(event, "mode"),
              text(event, "was"));
    };
  }

  /** L1: per service its state, node and where it runs; per node its state and both daemons. */
  static Map<String, Map<String, String>> ends(JsonNode document, Iterable<JsonNode> events) {
    Levels levels = new Levels(document);
    levels.begin();
    events.forEach(levels::follow);
    Map<String, Map<String, String>> ends = new TreeMap<>(levels.services);
    ends.putAll(levels.nodes);
    return ends;
  }

  private void begin() {
    document
        .path("services")
        .properties()
        .forEach(
            service -> service(service.getKey()).put("node", text(service.getValue(), "node")));
    document.path("cluster").path("nodes").fieldNames().forEachRemaining(this::node);
    JsonNode found = document.path("managerStatus");
    found
        .path("services")
        .properties()
        .forEach(
            entry -> {
              service(entry.getKey()).put("state", text(entry.getValue(), "state"));
              service(entry.getKey()).put("node", text(entry.getValue(), "node"));
            });
    found
        .path("nodes")
        .properties()
        .forEach(entry -> node(entry.getKey()).put("state", entry.getValue().asText()));
  }

  private void follow(JsonNode event) {
    String actor = text(event, "actor");
    String at = actor.split("/", 2)[0];
    String daemon = actor.contains("/") ? actor.split("/", 2)[1] : "";
    String sid = text(event, "sid");
    String kind = text(event, "event");
    switch (kind) {
      case "serviceAdded" -> {
        service(sid).put("node", text(event, "node"));
        service(sid).put("runsOn", runningWhenAdded(sid));
      }
      case "serviceRemoved" -> services.remove(sid);
      case "serviceState" -> {
        service(sid).put("state", text(event, "to"));
        if (event.hasNonNull("node")) {
          service(sid).put("node", text(event, "node"));
        }
      }
      case "disarmService" -> {
        if (text(event, "mode").equals("freeze")) {
          service(sid).put("state", "freeze");
        }
      }
      case "serviceNodeUpdated" -> service(sid).put("node", text(event, "to"));
      case "started" -> service(sid).put("runsOn", at);
      case "nodeState" -> node(text(event, "node")).put("state", text(event, "to"));
      case "daemonState" -> node(at).put(daemon, text(event, "to"));
      case "daemonExit" -> node(at).put(daemon, "off");
      case "daemonKilled" -> {
        node(at).put(daemon, "off");
        halt(at);
      }
      case "powerOff" -> {
        node(text(event, "node")).put("crm", "off");
        node(text(event, "node")).put("lrm", "off");
        halt(text(event, "node"));
      }
      default -> {
        if (GUEST_LEAVES.contains(kind) && services.containsKey(sid)) {
          service(sid).put("runsOn", "");
        }
      }
    }
  }

  private String runningWhenAdded(String sid) {
    for (JsonNode batch : document.path("commands")) {
      for (JsonNode command : batch) {
        if (text(command, "op").equals("serviceAdd")
            && text(command, "sid").equals(sid)
            && command.path("running").asBoolean()) {
          return text(command, "node");
        }
      }
    }
    return "";
  }

  private void halt(String node) {
    services.values().forEach(service -> service.replace("runsOn", node, ""));
  }

  private Map<String, String> service(String sid) {
    return services.computeIfAbsent(sid, s -> new TreeMap<>(Map.of("state", "", "runsOn", "")));
  }

  private Map<String, String> node(String name) {
    return nodes.computeIfAbsent(
        name, n -> new TreeMap<>(Map.of("state", "unknown", "crm", "off", "lrm", "off")));
  }

  private static String text(JsonNode object, String field) {
    return Objects.requireNonNullElse(object.path(field).asText(""), "");
  }
}
