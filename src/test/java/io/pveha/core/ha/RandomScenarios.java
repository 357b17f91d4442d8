package io.pveha.core.ha;

import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.NodeAffinityRule;
import io.pveha.core.placement.ServiceId;
import io.pveha.rehearsal.Operation;
import io.pveha.rehearsal.Scenario;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Clusters to which anything happens that owners and hardware do: power, network, shutdowns,
 * maintenance, moves, requests, restarts of daemons, disarming by freezing. At the end everything
 * is repaired and every service is wanted started.
 *
 * <p>Left out on purpose is what makes Proxmox itself run a guest twice: guests moved or taken out
 * of HA by hand, and a stack disarmed in mode ignore, where nobody watches a node that is cut off.
 */
final class RandomScenarios {

  private static final int BATCHES = 6;

  private final Random random;
  private final List<String> nodes = new ArrayList<>();
  private final List<ServiceId> services = new ArrayList<>();

  private RandomScenarios(long seed) {
    random = new Random(seed);
  }

  static Scenario scenario(long seed) {
    return new RandomScenarios(seed).build("random-" + seed);
  }

  private Scenario build(String name) {
    SortedMap<String, Scenario.Node> hardware = new TreeMap<>();
    int count = 3 + random.nextInt(3);
    for (int i = 1; i <= count; i++) {
      nodes.add("node" + i);
      hardware.put("node" + i, new Scenario.Node(false, false, null, null, "9.1.2"));
    }
    SortedMap<ServiceId, ServiceConfig> configs = new TreeMap<>();
    int guests = 1 + random.nextInt(6);
    for (int i = 1; i <= guests; i++) {
      ServiceId sid = ServiceId.of((random.nextInt(4) == 0 ? "ct:" : "vm:") + (100 + i));
      services.add(sid);
      configs.put(
          sid,
          new ServiceConfig(
              node(),
              random.nextInt(4) == 0 ? RequestedState.STOPPED : RequestedState.STARTED,
              null,
              random.nextBoolean(),
              random.nextInt(3),
              random.nextInt(3)));
    }
    return new Scenario(
        name,
        hardware,
        options(),
        configs,
        Scenario.Loads.NONE,
        rules(),
        new TreeMap<>(),
        ManagerStatus.EMPTY,
        commands());
  }

  private DatacenterOptions options() {
    List<String> policies = List.of("conditional", "freeze", "failover", "migrate");
    DatacenterOptions.Crs usual = DatacenterOptions.Crs.DEFAULT;
    return new DatacenterOptions(
        policies.get(random.nextInt(policies.size())),
        new DatacenterOptions.Crs(
            usual.mode(), random.nextInt(4) == 0, false, usual.method(), 0.3, 3, 0.1));
  }

  /** At most one node affinity rule per service, so that all are feasible. */
  private List<HaRule> rules() {
    List<HaRule> rules = new ArrayList<>();
    for (ServiceId sid : services) {
      if (random.nextInt(3) == 0) {
        SortedMap<String, Integer> places = new TreeMap<>();
        places.put(node(), random.nextInt(3));
        places.put(node(), random.nextInt(3));
        rules.add(
            NodeAffinityRule.of("near-" + sid.name(), List.of(sid), places, random.nextBoolean()));
      }
    }
    return rules;
  }

  private List<List<Operation>> commands() {
    List<List<Operation>> batches = new ArrayList<>();
    batches.add(nodes.stream().map(node -> op("power", "node", node, "value", "on")).toList());
    for (int i = 0; i < BATCHES; i++) {
      List<Operation> batch = new ArrayList<>();
      int count = 1 + random.nextInt(3);
      for (int j = 0; j < count; j++) {
        batch.add(anything());
      }
      batches.add(batch);
    }
    batches.addAll(repair());
    return batches;
  }

  private Operation anything() {
    return switch (random.nextInt(16)) {
      case 0, 1 -> op("network", "node", node(), "value", "off");
      case 2 -> op("network", "node", node(), "value", "on");
      case 3 -> op("power", "node", node(), "value", "off");
      case 4, 5 -> op("power", "node", node(), "value", "on");
      case 6 -> op("shutdown", "node", node());
      case 7 -> op("reboot", "node", node());
      case 8 -> op("maintenanceEnable", "node", node());
      case 9 -> op("maintenanceDisable", "node", node());
      case 10 -> op("serviceMigrate", "sid", service(), "target", node());
      case 11 -> op("serviceRelocate", "sid", service(), "target", node());
      case 12 -> op("serviceRequest", "sid", service(), "state", request());
      case 13 -> op("restartLrm", "node", node());
      case 14 -> op(random.nextBoolean() ? "crmStop" : "crmStart", "node", node());
      default ->
          random.nextBoolean()
              ? op("disarm", "node", node(), "mode", "freeze")
              : op("arm", "node", node());
    };
  }

  /** Everything is powered, connected, armed and out of maintenance; services start afresh. */
  private List<List<Operation>> repair() {
    List<Operation> hardware = new ArrayList<>();
    List<Operation> off = new ArrayList<>();
    List<Operation> on = new ArrayList<>();
    for (String node : nodes) {
      // a node shut down without CRM stays powered without LRM: only a power cycle helps
      hardware.add(op("power", "node", node, "value", "off"));
      hardware.add(op("power", "node", node, "value", "on"));
      off.add(op("power", "node", node, "value", "on"));
      off.add(op("crmStart", "node", node));
      off.add(op("maintenanceDisable", "node", node));
    }
    off.add(op("arm", "node", nodes.get(0)));
    for (ServiceId sid : services) {
      on.add(op("serviceRequest", "sid", sid.value(), "state", "started"));
    }
    List<Operation> disable =
        services.stream()
            .map(sid -> op("serviceRequest", "sid", sid.value(), "state", "disabled"))
            .toList();
    return List.of(
        hardware, List.of(), List.of(), off, List.of(), List.of(), disable, List.of(), List.of(),
        on, List.of());
  }

  private String node() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  private String service() {
    return services.get(random.nextInt(services.size())).value();
  }

  private String request() {
    return List.of("started", "stopped", "disabled").get(random.nextInt(3));
  }

  private static Operation op(String op, String... pairs) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("op", op);
    for (int i = 0; i < pairs.length; i += 2) {
      facts.put(pairs[i], pairs[i + 1]);
    }
    return Operation.of(facts);
  }
}
