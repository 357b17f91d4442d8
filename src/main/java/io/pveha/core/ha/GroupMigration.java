package io.pveha.core.ha;

import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.ha.HaEvent.Level;
import io.pveha.core.ha.LrmStatus.LrmMode;
import io.pveha.core.ha.LrmStatus.LrmState;
import io.pveha.core.placement.HaGroup;
import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.NodeAffinityRule;
import io.pveha.core.placement.ServiceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Groups of Proxmox VE 8 in a cluster that may still be half-way to version 9: they are read as
 * node affinity rules, and become rules for good once every node understands them.
 */
final class GroupMigration {

  private static final int SECONDS_PER_ROUND = 10;

  private final ManagerMemory memory;
  private final HaEnvironment world;
  private final HaTimings timings;
  private int countdown;

  GroupMigration(ManagerMemory memory, HaEnvironment world, HaTimings timings) {
    this.memory = memory;
    this.world = world;
    this.timings = timings;
    this.countdown = timings.groupMigrationFirst();
  }

  /** The rules that groups stand for: one per group that any service is in. */
  static List<HaRule> rules(
      SortedMap<String, HaGroup> groups, SortedMap<ServiceId, ServiceConfig> services) {
    List<HaRule> rules = new ArrayList<>();
    for (HaGroup group : groups.values()) {
      TreeSet<ServiceId> members = new TreeSet<>();
      services.forEach(
          (sid, config) -> {
            if (group.id().equals(config.group())) {
              members.add(sid);
            }
          });
      if (!members.isEmpty()) {
        String comment =
            group.comment().isEmpty()
                ? "Generated from HA group '" + group.id() + "'."
                : group.comment();
        rules.add(
            new NodeAffinityRule(
                "ha-group-" + group.id(),
                members,
                group.nodes(),
                group.restricted(),
                false,
                comment));
      }
    }
    return rules;
  }

  /** The configuration with each group's say on failback. */
  static void applyFailback(
      SortedMap<String, HaGroup> groups, SortedMap<ServiceId, ServiceConfig> services) {
    if (!groups.isEmpty()) {
      services.replaceAll(
          (sid, config) -> {
            HaGroup group = config.group() == null ? null : groups.get(config.group());
            return group == null ? config : config.withFailback(!group.nofailback());
          });
    }
  }

  /** Counts rounds, and tries now and then while there are groups. */
  void attempt(SortedMap<String, HaGroup> groups, Map<String, LrmStatus> lrms) {
    if (groups.isEmpty()) {
      return;
    }
    countdown--;
    if (countdown > 0) {
      return;
    }
    countdown = timings.groupMigrationAgain();
    say("phase", "start");
    if (isReady(lrms)) {
      migrate(groups);
      return;
    }
    world.emit(HaDaemon.CRM, HaEvent.of(Level.ERROR, Kind.GROUP_MIGRATION, "phase", "failed"));
    int rounds = timings.groupMigrationAgain();
    say("rounds", rounds, "seconds", rounds * SECONDS_PER_ROUND, "phase", "retry");
  }

  private boolean isReady(Map<String, LrmStatus> lrms) {
    if (!world.isQuorate()) {
      return abort(null, "quorum");
    }
    Map<String, String> versions = world.managerVersions();
    for (String node : memory.nodes.keySet()) {
      NodeState state = memory.nodeState(node);
      say("node", node, "state", state.word(), "phase", "checkNode");
      if (state != NodeState.ONLINE) {
        return abort(node, "nodeNotOnline");
      }
      if (!isLrmReady(node, lrms.getOrDefault(node, LrmStatus.MISSING))
          || !understandsRules(node, versions.get(node))) {
        return false;
      }
    }
    return true;
  }

  private boolean isLrmReady(String node, LrmStatus lrm) {
    if (lrm.state() == null) {
      return abort(node, "lrmUnknown");
    }
    say("node", node, "state", lrm.state().word(), "mode", lrm.mode().word(), "phase", "checkLrm");
    boolean idle =
        lrm.state() == LrmState.WAIT_FOR_AGENT_LOCK
            && ActiveServices.count(memory.services, node) == 0;
    if (lrm.state() != LrmState.ACTIVE && !idle) {
      return abort(node, "lrmState");
    }
    return lrm.mode() == LrmMode.ACTIVE || abort(node, "lrmMode");
  }

  private boolean understandsRules(String node, String version) {
    say("node", node, "version", version, "phase", "checkVersion");
    boolean understands =
        PveVersion.parse(version)
            .filter(parsed -> parsed.isAtLeast(PveVersion.FIRST_WITH_RULES))
            .isPresent();
    return understands || abort(node, "version");
  }

  private boolean abort(String node, String reason) {
    String needed =
        switch (reason) {
          case "version" -> PveVersion.FIRST_WITH_RULES.toString();
          case "lrmMode" -> LrmMode.ACTIVE.word();
          default -> null;
        };
    world.emit(
        HaDaemon.CRM,
        HaEvent.of(
            Level.ERROR,
            Kind.GROUP_MIGRATION,
            "node",
            node,
            "needed",
            needed,
            "phase",
            "abort",
            "reason",
            reason));
    return false;
  }

  private void migrate(SortedMap<String, HaGroup> groups) {
    SortedMap<ServiceId, ServiceConfig> services = world.services();
    Map<String, HaRule> rules = new java.util.LinkedHashMap<>();
    world.rules().forEach(rule -> rules.put(rule.id(), rule));
    rules(groups, services).forEach(rule -> rules.put(rule.id(), rule));
    world.writeRules(List.copyOf(rules.values()));
    say("phase", "rulesWritten");
    SortedMap<ServiceId, ServiceConfig> grouped = new TreeMap<>(services);
    grouped.values().removeIf(config -> config.group() == null);
    grouped.forEach(
        (sid, config) -> {
          HaGroup group = groups.get(config.group());
          boolean stays = group != null && group.nofailback();
          world.updateService(sid, old -> (stays ? old.withFailback(false) : old).withGroup(null));
        });
    say("phase", "resourcesWritten");
    world.deleteGroups();
    say("phase", "groupsDeleted");
    say("phase", "success");
  }

  private void say(Object... pairs) {
    world.emit(HaDaemon.CRM, HaEvent.of(Level.NOTICE, Kind.GROUP_MIGRATION, pairs));
  }
}
