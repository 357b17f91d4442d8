package io.pveha.rehearsal;

import io.pveha.core.ha.CrmCommand;
import io.pveha.core.ha.DatacenterOptions;
import io.pveha.core.ha.LrmStatus;
import io.pveha.core.ha.ManagerStatus;
import io.pveha.core.ha.ServiceConfig;
import io.pveha.core.placement.HaGroup;
import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.LoadFigures;
import io.pveha.core.placement.LoadFigures.Load;
import io.pveha.core.placement.SchedulerMode;
import io.pveha.core.placement.ServiceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The documents that all nodes share; in a rehearsal everybody sees the same at once. */
final class SimulatedStore {

  private static final Load USUAL_NODE = new Load(24, 128.0 * (1L << 30));
  private static final Load USUAL_CONFIGURED = new Load(4, 4.0 * (1L << 30));
  private static final Load USUAL_MEASURED = new Load(2, 2.0 * (1L << 30));

  final DatacenterOptions datacenter;
  final Map<String, LrmStatus> lrmStatus = new HashMap<>();
  final Map<ServiceId, String> guestLocks = new HashMap<>();
  final Map<String, String> versions = new TreeMap<>();
  ManagerStatus managerStatus;
  SortedMap<ServiceId, ServiceConfig> services;
  List<HaRule> rules;
  SortedMap<String, HaGroup> groups;
  List<CrmCommand> commands = new ArrayList<>();
  private final SortedMap<String, Scenario.Node> nodes;
  private final boolean staticGiven;
  private final boolean dynamicGiven;
  private final Map<ServiceId, Load> configured;
  private final Map<ServiceId, Load> measured;

  SimulatedStore(Scenario scenario) {
    datacenter = scenario.datacenter();
    managerStatus = scenario.start();
    services = new TreeMap<>(scenario.services());
    rules = scenario.rules();
    groups = new TreeMap<>(scenario.groups());
    nodes = scenario.nodes();
    nodes.forEach((name, node) -> versions.put(name, node.version()));
    staticGiven = scenario.loads().staticGiven();
    dynamicGiven = scenario.loads().dynamicGiven();
    configured = new HashMap<>(scenario.loads().configured());
    measured = new HashMap<>(scenario.loads().measured());
  }

  List<CrmCommand> takeCommands() {
    List<CrmCommand> taken = commands;
    commands = new ArrayList<>();
    return taken;
  }

  LoadFigures figures(SchedulerMode mode, Map<ServiceId, String> running) {
    Map<String, Load> capacities = new HashMap<>();
    nodes.forEach(
        (name, node) -> {
          boolean fill = mode == SchedulerMode.DYNAMIC;
          Double cpu = node.maxCpu() == null && fill ? (Double) USUAL_NODE.cpu() : node.maxCpu();
          Double memory =
              node.maxMemory() == null && fill ? (Double) USUAL_NODE.memory() : node.maxMemory();
          if (cpu != null && memory != null) {
            capacities.put(name, new Load(cpu, memory));
          }
        });
    return new LoadFigures(
        capacities,
        filled(configured, staticGiven, USUAL_CONFIGURED),
        filled(measured, dynamicGiven, USUAL_MEASURED),
        running);
  }

  private Map<ServiceId, Load> filled(Map<ServiceId, Load> loads, boolean given, Load usual) {
    Map<ServiceId, Load> filled = new HashMap<>(loads);
    if (!given) {
      services.keySet().forEach(sid -> filled.putIfAbsent(sid, usual));
    }
    return filled;
  }

  void changeConfigured(ServiceId sid, Double cpu, Double memory) {
    configured.merge(
        sid,
        changed(staticGiven ? new Load(0, 0) : USUAL_CONFIGURED, cpu, memory),
        (old, initial) -> changed(old, cpu, memory));
  }

  void changeMeasured(ServiceId sid, Double cpu, Double memory) {
    measured.merge(
        sid,
        changed(dynamicGiven ? new Load(0, 0) : USUAL_MEASURED, cpu, memory),
        (old, initial) -> changed(old, cpu, memory));
  }

  void forgetConfigured(ServiceId sid) {
    configured.remove(sid);
  }

  private static Load changed(Load old, Double cpu, Double memory) {
    return new Load(cpu == null ? old.cpu() : cpu, memory == null ? old.memory() : memory);
  }
}
