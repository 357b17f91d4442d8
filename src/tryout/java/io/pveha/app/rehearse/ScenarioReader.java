package io.pveha.app.rehearse;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pveha.core.ha.DatacenterOptions;
import io.pveha.core.ha.ManagerStatus;
import io.pveha.core.ha.NodeState;
import io.pveha.core.ha.RequestedState;
import io.pveha.core.ha.ServiceConfig;
import io.pveha.core.ha.ServiceRecord;
import io.pveha.core.ha.ServiceState;
import io.pveha.core.placement.HaGroup;
import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.LoadFigures.Load;
import io.pveha.core.placement.SchedulerMode;
import io.pveha.core.placement.ServiceId;
import io.pveha.rehearsal.Operation;
import io.pveha.rehearsal.Scenario;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads a scenario document. Anything it can't play is refused with a sentence that names it. */
public final class ScenarioReader {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonObject root;
  private final SortedMap<String, Scenario.Node> nodes = new TreeMap<>();
  private final Map<ServiceId, Load> configured = new HashMap<>();
  private final Map<ServiceId, Load> measured = new HashMap<>();
  private final Set<ServiceId> mentioned = new HashSet<>();

  private ScenarioReader(JsonObject root) {
    this.root = root;
  }

  /**
   * Reads the text of a document.
   *
   * @throws MalformedScenario for what can't be read, an unknown command or an unknown node
   */
  public static Scenario read(String text) {
    try {
      return new ScenarioReader(JsonObject.root(parse(text))).scenario();
    } catch (JsonProcessingException e) {
      throw new MalformedScenario("is not JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new MalformedScenario(e.getMessage(), e);
    }
  }

  /** The document without what is expected of it, which is most of its text. */
  private static JsonNode parse(String text) throws JsonProcessingException {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("is no JSON object");
      }
      ObjectNode document = JSON.createObjectNode();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        parser.nextToken();
        if (key.equals("expected")) {
          parser.skipChildren();
        } else {
          JsonNode value = JSON.readTree(parser);
          document.set(key, value);
        }
      }
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("has text after its end");
      }
      return document;
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("text can't be read", e);
    }
  }

  private Scenario scenario() {
    JsonObject cluster = root.object("cluster");
    cluster.object("nodes").each((name, node) -> nodes.put(name, node(node)));
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("cluster.nodes: there is no node");
    }
    SortedMap<ServiceId, ServiceConfig> services = new TreeMap<>();
    root.optional("services")
        .each((sid, service) -> services.put(ServiceId.of(sid), service(sid, service)));
    root.optional("otherLoads").each((sid, loads) -> loads(ServiceId.of(sid), loads));
    mentioned.addAll(services.keySet());
    JsonObject given = root.optional("loadsGiven");
    return new Scenario(
        name(),
        nodes,
        datacenter(cluster.optional("datacenter")),
        services,
        new Scenario.Loads(
            given.flag("static", false), given.flag("dynamic", false), configured, measured),
        RuleReader.rules(root.list("rules")),
        groups(),
        managerStatus(),
        commands());
  }

  private String name() {
    String name = root.text("name");
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new IllegalArgumentException("name: '" + name + "' can't name a file");
    }
    return name;
  }

  private Scenario.Node node(JsonObject node) {
    return new Scenario.Node(
        node.onOff("power"),
        node.onOff("network"),
        node.number("maxCpu"),
        node.number("maxMemory"),
        node.text("version", Scenario.DEFAULT_VERSION));
  }

  private ServiceConfig service(String sid, JsonObject service) {
    loads(ServiceId.of(sid), service.optional("load"));
    return new ServiceConfig(
        known(service.text("node"), service),
        service.word("state", RequestedState::ofWord, "disabled"),
        service.text("group", null),
        service.flag("failback", true),
        service.whole("maxRestart", 1),
        service.whole("maxRelocate", 1));
  }

  private String known(String node, JsonObject where) {
    if (!nodes.containsKey(node)) {
      throw new IllegalArgumentException(where.path() + ": unknown node '" + node + "'");
    }
    return node;
  }

  private void loads(ServiceId sid, JsonObject loads) {
    load(loads.optional("static"), "maxCpu", "maxMemory", sid, configured);
    load(loads.optional("dynamic"), "cpu", "memory", sid, measured);
  }

  private static void load(
      JsonObject load, String cpu, String memory, ServiceId sid, Map<ServiceId, Load> into) {
    Double cores = load.number(cpu);
    Double bytes = load.number(memory);
    if (cores != null || bytes != null) {
      into.put(sid, new Load(cores == null ? 0 : cores, bytes == null ? 0 : bytes));
    }
  }

  private static DatacenterOptions datacenter(JsonObject datacenter) {
    JsonObject crs = datacenter.optional("crs");
    DatacenterOptions.Crs usual = DatacenterOptions.Crs.DEFAULT;
    Double threshold = crs.number("autoRebalanceThreshold");
    Double margin = crs.number("autoRebalanceMargin");
    return new DatacenterOptions(
        datacenter.text("shutdownPolicy", "conditional"),
        new DatacenterOptions.Crs(
            crs.word("scheduler", word -> constant(SchedulerMode.class, word), "basic"),
            crs.flag("rebalanceOnStart", false),
            crs.flag("autoRebalance", false),
            crs.word(
                "autoRebalanceMethod",
                word -> constant(DatacenterOptions.Method.class, word),
                "bruteforce"),
            threshold == null ? usual.threshold() : threshold,
            crs.whole("autoRebalanceHoldRounds", usual.holdRounds()),
            margin == null ? usual.margin() : margin));
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String word) {
    return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
  }

  private SortedMap<String, HaGroup> groups() {
    SortedMap<String, HaGroup> groups = new TreeMap<>();
    for (JsonObject group : root.list("groups")) {
      String id = group.text("id");
      groups.put(
          id,
          new HaGroup(
              id,
              RuleReader.priorities(group.list("nodes")),
              group.flag("restricted", false),
              group.flag("nofailback", false),
              group.text("comment", "")));
    }
    return groups;
  }

  private ManagerStatus managerStatus() {
    JsonObject found = root.optional("managerStatus");
    if (found.isMissing()) {
      return ManagerStatus.EMPTY;
    }
    SortedMap<String, NodeState> states = new TreeMap<>();
    JsonObject nodeStates = found.optional("nodes");
    nodeStates.eachText(
        (node, state) -> states.put(node, nodeStates.word(node, NodeState::ofWord, null)));
    SortedMap<ServiceId, ServiceRecord> records = new TreeMap<>();
    found
        .optional("services")
        .each(
            (sid, record) ->
                records.put(
                    ServiceId.of(sid),
                    ServiceRecord.of(
                            record.word("state", ServiceState::ofWord, null),
                            record.text("node"),
                            "found:" + sid)
                        .withTarget(record.text("target", null))
                        .withRunning(record.flag("running", false))));
    mentioned.addAll(records.keySet());
    Double timestamp = found.number("timestamp");
    return new ManagerStatus(
        found.text("master", null),
        timestamp == null ? null : Instant.ofEpochSecond(timestamp.longValue()),
        states,
        records,
        new TreeSet<>(),
        null);
  }

  private List<List<Operation>> commands() {
    List<List<Operation>> batches = new ArrayList<>();
    List<Operation> all = new ArrayList<>();
    for (List<Map<String, Object>> batch : root.batches("commands")) {
      List<Operation> operations = batch.stream().map(Operation::of).toList();
      batches.add(operations);
      all.addAll(operations);
    }
    all.forEach(this::checkNames);
    return batches;
  }

  private void checkNames(Operation operation) {
    for (String node : operation.nodes()) {
      if (!nodes.containsKey(node)) {
        throw new IllegalArgumentException(
            "operation '" + operation.kind().word() + "': unknown node '" + node + "'");
      }
    }
    Object state = operation.fields().get("state");
    if (state != null) {
      try {
        RequestedState.ofWord((String) state);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "operation '" + operation.kind().word() + "': unknown state '" + state + "'", e);
      }
    }
    boolean needsService =
        switch (operation.kind()) {
          case SERVICE_REQUEST, SERVICE_LOCK, SERVICE_UNLOCK, SERVICE_MANUAL_MIGRATE -> true;
          default -> false;
        };
    if (operation.kind() == Operation.Kind.SERVICE_ADD) {
      mentioned.add(ServiceId.of((String) operation.fields().get("sid")));
    } else if (needsService
        && !mentioned.contains(ServiceId.of((String) operation.fields().get("sid")))) {
      throw new IllegalArgumentException(
          "operation '"
              + operation.kind().word()
              + "': unknown service '"
              + operation.fields().get("sid")
              + "'");
    }
  }

  /** Reads the rules and nodes of a rule case, which has no cluster. */
  public static List<HaRule> readRules(String text) {
    try {
      return RuleReader.rules(JsonObject.root(JSON.readTree(text)).list("rules"));
    } catch (JsonProcessingException e) {
      throw new MalformedScenario("is not JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new MalformedScenario(e.getMessage(), e);
    }
  }
}
