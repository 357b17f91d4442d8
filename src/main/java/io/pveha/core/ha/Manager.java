package io.pveha.core.ha;

import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.ha.HaEvent.Level;
import io.pveha.core.ha.LrmStatus.JobResult;
import io.pveha.core.ha.LrmStatus.LrmMode;
import io.pveha.core.placement.ClusterUsage;
import io.pveha.core.placement.CompiledRules;
import io.pveha.core.placement.HaGroup;
import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.LoadFigures;
import io.pveha.core.placement.RuleProblem;
import io.pveha.core.placement.SchedulerMode;
import io.pveha.core.placement.ServiceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The work of a master: one round after the other on the same memory. A CRM that becomes master
 * makes a new one.
 */
final class Manager {

  private final HaEnvironment world;
  private final ManagerMemory memory;
  private final NodeWatch watch;
  private final GroupMigration groupMigration;
  private final AutoBalance autoBalance;
  private SchedulerMode mode;
  private CompiledRules rules;
  private List<HaRule> ruleSource;
  private SortedMap<String, HaGroup> groupSource;
  private boolean fullyDisarmed;

  Manager(HaEnvironment world, HaTimings timings, Instant now) {
    this.world = world;
    this.memory = new ManagerMemory(world.node(), world.managerStatus(), now);
    this.watch = new NodeWatch(memory, world, timings);
    this.groupMigration = new GroupMigration(memory, world, timings);
    this.autoBalance = new AutoBalance(timings);
    this.mode = world.datacenter().crs().mode();
    if (mode != SchedulerMode.BASIC) {
      say(HaEvent.info(Kind.SCHEDULER_MODE, "mode", mode.word()));
    }
  }

  /** Whether nobody needs this master's watchdog, because the HA stack is switched off. */
  boolean isFullyDisarmed() {
    return fullyDisarmed;
  }

  /** One round, in Proxmox's order of steps. */
  void round(Instant now) {
    ClusterMembers members = world.members();
    boolean nodesChanged = !members.known().equals(memory.nodes.keySet());
    Map<String, LrmStatus> lrms = new TreeMap<>();
    memory.nodes.keySet().forEach(node -> lrms.put(node, world.lrmStatus(node)));
    Map<String, LrmMode> modes = new HashMap<>();
    lrms.forEach((node, lrm) -> modes.put(node, lrm.mode()));
    watch.update(members, modes::get, now);
    if (seemsOffline()) {
      return;
    }
    DatacenterOptions.Crs crs = readScheduler();
    groupMigration.attempt(world.groups(), lrms);

    SortedMap<ServiceId, ServiceConfig> services = new TreeMap<>(world.services());
    if (memory.disarm() == null) {
      addServices(services);
      removeServices(services);
    }
    ClusterUsage usage = usage(services);
    SortedMap<String, HaGroup> groups = world.groups();
    compileRules(nodesChanged, groups, services);
    GroupMigration.applyFailback(groups, services);
    RoundView view =
        new RoundView(now, crs, services, results(lrms), modes, usage, rules, memory, watch, world);
    new CommandDesk(view).take(world.takeCommands());
    decide(view);
    world.writeManagerStatus(memory.status(now));
  }

  private void decide(RoundView view) {
    ServiceLoop loop = new ServiceLoop(view);
    if (memory.disarm() == null) {
      fullyDisarmed = false;
      autoBalance.consider(view);
      loop.run(sid -> true);
      return;
    }
    DisarmStep disarm = new DisarmStep(view);
    Set<ServiceId> deferred = disarm.deferred();
    if (deferred.isEmpty()) {
      disarm.settle();
      fullyDisarmed = memory.disarm().complete();
    } else {
      fullyDisarmed = false;
      loop.run(deferred::contains);
    }
  }

  private boolean seemsOffline() {
    NodeState own = memory.nodeState(world.node());
    if (own == NodeState.ONLINE || own == NodeState.MAINTENANCE) {
      return false;
    }
    say(
        HaEvent.of(
            Level.ERROR, Kind.ROUND_SKIPPED, "reason", "masterSeemsOffline", "state", own.word()));
    return true;
  }

  private DatacenterOptions.Crs readScheduler() {
    DatacenterOptions.Crs crs = world.datacenter().crs();
    if (crs.mode() != mode) {
      mode = crs.mode();
      say(HaEvent.info(Kind.SCHEDULER_MODE, "mode", mode.word()));
    }
    return crs;
  }

  private void addServices(SortedMap<ServiceId, ServiceConfig> services) {
    services.forEach(
        (sid, config) -> {
          if (!memory.services.containsKey(sid) && config.state() != RequestedState.IGNORED) {
            say(HaEvent.info(Kind.SERVICE_ADDED, "sid", sid.value(), "node", config.node()));
            ServiceState state =
                config.state() == RequestedState.STARTED
                    ? ServiceState.REQUEST_START
                    : ServiceState.REQUEST_STOP;
            memory.services.put(sid, ServiceRecord.of(state, config.node(), memory.newUid()));
          }
        });
  }

  private void removeServices(SortedMap<ServiceId, ServiceConfig> services) {
    for (ServiceId sid : new ArrayList<>(memory.services.keySet())) {
      ServiceConfig config = services.get(sid);
      if (config == null || config.state() == RequestedState.IGNORED) {
        String reason = config == null ? "noConfig" : "ignoredRequested";
        say(HaEvent.info(Kind.SERVICE_REMOVED, "sid", sid.value(), "reason", reason));
        memory.services.remove(sid);
      }
    }
  }

  private ClusterUsage usage(SortedMap<ServiceId, ServiceConfig> services) {
    LoadFigures figures = mode == SchedulerMode.BASIC ? LoadFigures.NONE : world.loads(mode);
    ClusterUsage usage = UsedNodes.usage(mode, watch.online(), figures, memory.services, services);
    if (usage.mode() != mode) {
      say(
          HaEvent.of(
              Level.WARNING,
              Kind.SCHEDULER_FALLBACK,
              "mode",
              mode.word(),
              "reason",
              "nodeWithoutFigures"));
    }
    for (ServiceId sid : memory.services.keySet()) {
      if (usage.lacksFigures(sid)) {
        say(
            HaEvent.of(
                Level.WARNING,
                Kind.SCHEDULER_FALLBACK,
                "sid",
                sid.value(),
                "reason",
                "serviceWithoutFigures"));
      }
    }
    return usage;
  }

  private void compileRules(
      boolean nodesChanged,
      SortedMap<String, HaGroup> groups,
      SortedMap<ServiceId, ServiceConfig> services) {
    List<HaRule> source = world.rules();
    if (rules != null && !nodesChanged && source.equals(ruleSource) && groups.equals(groupSource)) {
      return;
    }
    ruleSource = List.copyOf(source);
    groupSource = new TreeMap<>(groups);
    List<HaRule> all = new ArrayList<>(source);
    all.addAll(GroupMigration.rules(groups, services));
    rules = CompiledRules.compile(all, memory.nodes.keySet());
    for (RuleProblem problem : rules.problems()) {
      say(
          HaEvent.of(
              Level.NOTICE,
              Kind.RULE_DROPPED,
              "rule",
              problem.rule(),
              "reason",
              problem.reason().word(),
              "sid",
              problem.sid() == null ? null : problem.sid().value()));
    }
  }

  private static Map<String, JobResult> results(Map<String, LrmStatus> lrms) {
    Map<String, JobResult> results = new HashMap<>();
    lrms.values().forEach(lrm -> results.putAll(lrm.results()));
    return results;
  }

  private void say(HaEvent event) {
    world.emit(HaDaemon.CRM, event);
  }
}
