package io.pveha.core.ha;

import io.pveha.core.ha.DatacenterOptions.Crs;
import io.pveha.core.ha.DatacenterOptions.Method;
import io.pveha.core.placement.HaGroup;
import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.LoadFigures.Load;
import io.pveha.core.placement.NodeAffinityRule;
import io.pveha.core.placement.ResourceAffinityRule;
import io.pveha.core.placement.ResourceAffinityRule.Affinity;
import io.pveha.core.placement.SchedulerMode;
import io.pveha.core.placement.ServiceId;
import io.pveha.rehearsal.Operation;
import io.pveha.rehearsal.Scenario;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Clusters in any condition to which anything happens, in any order: every operation there is,
 * every option, conflicting rules, failing services, and managers that find any status. Owners do
 * not do most of this; the model must come to an end all the same.
 */
final class WildScenarios {

  private static final double GIB = 1L << 30;

  private final Random random;
  private final List<String> nodes = new ArrayList<>();
  private final List<ServiceId> services = new ArrayList<>();
  private final SortedMap<String, HaGroup> groups = new TreeMap<>();

  private WildScenarios(long seed) {
    random = new Random(seed);
  }

  static Scenario scenario(long seed) {
    return new WildScenarios(seed).build("wild-" + seed);
  }

  private Scenario build(String name) {
    SortedMap<String, Scenario.Node> hardware = new TreeMap<>();
    SchedulerMode mode = any(List.of(SchedulerMode.values()));
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      boolean known = chance(90);
      nodes.add("node" + i);
      hardware.put(
          "node" + i,
          new Scenario.Node(
              chance(5),
              chance(50),
              known ? (Double) 24.0 : null,
              known ? (Double) (64 * GIB) : null,
              any(List.of("9.0.0~2", "9.0.0~16", "9.1.2", "8.4-3"))));
    }
    if (chance(15)) {
      groups.put("g", new HaGroup("g", priorities(), chance(40), chance(40), ""));
    }
    SortedMap<ServiceId, ServiceConfig> configs = new TreeMap<>();
    Map<ServiceId, Load> configured = new HashMap<>();
    Map<ServiceId, Load> measured = new HashMap<>();
    for (int i = random.nextInt(9); i > 0; i--) {
      ServiceId sid = service(i);
      services.add(sid);
      configs.put(sid, config());
      configured.put(sid, new Load(random.nextInt(4), (1 + random.nextInt(8)) * GIB));
      measured.put(sid, new Load(random.nextDouble(), random.nextInt(4) * GIB));
    }
    services.add(ServiceId.of("vm:901"));
    boolean given = chance(50);
    return new Scenario(
        name,
        hardware,
        options(mode),
        configs,
        given ? new Scenario.Loads(true, true, configured, measured) : Scenario.Loads.NONE,
        rules(),
        groups,
        chance(12) ? found(configs) : ManagerStatus.EMPTY,
        commands());
  }

  private ServiceId service(int i) {
    return ServiceId.of(
        switch (random.nextInt(8)) {
          case 0, 1 -> "ct:" + (100 + i);
          case 2 -> "fa:" + i + random.nextInt(3) + random.nextInt(3) + random.nextInt(2) + "0";
          default -> "vm:" + (i % 2 == 0 ? 100 + i : 1000 + i);
        });
  }

  private ServiceConfig config() {
    return new ServiceConfig(
        node(),
        chance(60) ? RequestedState.STARTED : any(List.of(RequestedState.values())),
        groups.isEmpty() || chance(50) ? null : "g",
        chance(70),
        random.nextInt(3),
        random.nextInt(3));
  }

  private DatacenterOptions options(SchedulerMode mode) {
    return new DatacenterOptions(
        any(List.of("conditional", "freeze", "failover", "migrate", "none of these")),
        new Crs(
            mode,
            chance(40),
            chance(60),
            any(List.of(Method.values())),
            chance(70) ? 0.3 : 0.05,
            1 + random.nextInt(3),
            chance(70) ? 0.1 : 0));
  }

  private SortedMap<String, Integer> priorities() {
    SortedMap<String, Integer> places = new TreeMap<>();
    for (int i = 1 + random.nextInt(nodes.size()); i > 0; i--) {
      places.put(node(), random.nextInt(3));
    }
    return places;
  }

  private List<HaRule> rules() {
    List<HaRule> rules = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      List<ServiceId> some = new ArrayList<>(services);
      Collections.shuffle(some, random);
      List<ServiceId> members = some.subList(0, 1 + random.nextInt(Math.min(4, some.size())));
      rules.add(
          chance(50)
              ? NodeAffinityRule.of("r" + i, members, priorities(), chance(40))
              : ResourceAffinityRule.of("r" + i, members, any(List.of(Affinity.values()))));
    }
    return rules;
  }

  private ManagerStatus found(SortedMap<ServiceId, ServiceConfig> configs) {
    SortedMap<String, NodeState> states = new TreeMap<>();
    nodes.forEach(node -> states.put(node, any(List.of(NodeState.values()))));
    SortedMap<ServiceId, ServiceRecord> records = new TreeMap<>();
    configs.forEach(
        (sid, config) -> {
          ServiceState state = any(List.of(ServiceState.values()));
          ServiceRecord record =
              ServiceRecord.of(state, chance(70) ? config.node() : node(), "found:" + sid);
          boolean moves = state.isMove() || state == ServiceState.REQUEST_START_BALANCE;
          records.put(sid, moves ? record.withTarget(node()) : record);
        });
    return new ManagerStatus(node(), null, states, records, new TreeSet<>(), null);
  }

  private List<List<Operation>> commands() {
    List<List<Operation>> batches = new ArrayList<>();
    batches.add(nodes.stream().map(node -> op("power", "node", node, "value", "on")).toList());
    for (int i = random.nextInt(10); i > 0; i--) {
      List<Operation> batch = new ArrayList<>();
      for (int j = random.nextInt(5); j > 0; j--) {
        batch.add(anything());
      }
      batches.add(batch);
    }
    return batches;
  }

  private Operation anything() {
    String sid = any(services).value();
    String onOff = chance(50) ? "on" : "off";
    return switch (random.nextInt(28)) {
      case 0, 1 -> op("network", "node", node(), "value", onOff);
      case 2, 3, 4 -> op("power", "node", node(), "value", onOff);
      case 5 -> op("shutdown", "node", node());
      case 6 -> op("reboot", "node", node());
      case 7 -> op("restartLrm", "node", node());
      case 8 -> op(chance(50) ? "crmStop" : "crmStart", "node", node());
      case 9, 10 -> op(chance(50) ? "maintenanceEnable" : "maintenanceDisable", "node", node());
      case 11 -> op("disarm", "node", node(), "mode", chance(50) ? "freeze" : "ignore");
      case 12, 13 -> op("arm", "node", node());
      case 14, 15 ->
          op("serviceRequest", "sid", sid, "state", any(List.of(RequestedState.values())).word());
      case 16 -> op("serviceMigrate", "sid", sid, "target", node());
      case 17 -> op("serviceRelocate", "sid", sid, "target", node());
      case 18 -> op("serviceStop", "sid", sid, "timeout", random.nextInt(2) * 60);
      case 19 ->
          op("serviceAdd", "sid", sid, "node", node(), "state", "started", "running", chance(40));
      case 20 -> op("serviceDelete", "sid", sid);
      case 21 -> op("serviceLock", "sid", sid, "lock", any(List.of("backup", "migrate", "other")));
      case 22 -> op("serviceUnlock", "sid", sid);
      case 23 -> op("serviceManualMigrate", "sid", sid, "target", node());
      case 24 -> op("serviceStaticLoad", "sid", sid, "maxCpu", random.nextInt(9));
      case 25 ->
          op("skipRound", "daemon", chance(50) ? "crm" : "lrm", "rounds", 1 + random.nextInt(4));
      case 26 ->
          op(
              "cfs",
              "node",
              node(),
              "aspect",
              chance(50) ? "rw" : "update",
              "value",
              chance(60) ? "fail" : "work");
      default -> op("delay", "seconds", any(List.of(10, 100, 370, 1200)));
    };
  }

  private String node() {
    return any(nodes);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private static Operation op(String op, Object... pairs) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("op", op);
    for (int i = 0; i < pairs.length; i += 2) {
      facts.put((String) pairs[i], pairs[i + 1]);
    }
    return Operation.of(facts);
  }
}
