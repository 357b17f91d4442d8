package io.pveha.simulator.ha;

import io.pveha.core.ha.CrmCommand;
import io.pveha.core.ha.Disarm;
import io.pveha.core.ha.HaDaemon;
import io.pveha.core.ha.HaEvent;
import io.pveha.core.ha.ServiceOrder;
import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.RuleFeasibility;
import io.pveha.core.placement.RuleProblem;
import io.pveha.core.placement.ServiceId;
import io.pveha.simulator.config.GuestConfig;
import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.config.HaEntries;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.guests.GuestHa;
import io.pveha.simulator.machine.Digests;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.MachinePart;
import io.pveha.simulator.machine.WorldFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** HA resources, groups or rules, commands and status, from one node. */
public final class NodeHa implements MachinePart, GuestHa {

  /** The answer of migrate and relocate in 9.x. */
  public record Move(String sid, String node, List<String> comigrated, List<String> blocking) {}

  private static final String RULE_NOT_MADE = "create ha rule failed: ";
  private static final String RULE_NOT_CHANGED = "update HA rules failed: ";
  private static final String MIGRATED = "ha groups have been migrated to rules";

  private final Machine node;
  private final HaDaemons daemons;

  public NodeHa(Machine node) {
    this.node = node;
    this.daemons = new HaDaemons(node);
  }

  @Override
  public void servicesStarted() {
    daemons.start();
  }

  @Override
  public void serviceChanged(String service, boolean running) {
    if (service.equals("pve-ha-crm") || service.equals("pve-ha-lrm")) {
      daemons.serviceChanged(service, running);
    }
  }

  @Override
  public void goDown(boolean again, Runnable ready) {
    daemons.nodeGoesDown(again, ready);
  }

  @Override
  public void powerLost() {
    daemons.killed();
  }

  @Override
  public void queueMove(String verb, String sid, String target) {
    move(verb, sid, target);
  }

  /** Whether this node's CRM is the master, in truth. */
  public boolean isMaster() {
    return daemons.isMaster();
  }

  /** The daemons note what they did. */
  void note(HaDaemon daemon, HaEvent event) {
    daemons.note(daemon, event);
  }

  /** A property map with its id, in the order of the file. */
  public Map<String, SortedMap<String, String>> resources() {
    return node.config().section(Section.HA_RESOURCES);
  }

  @Override
  public void createResource(String sid, Map<String, String> properties) {
    node.checkWritable(null);
    checkGuest(sid);
    if (resources().containsKey(sid)) {
      throw new WorldFailure.Refused("resource ID '" + sid + "' already defined");
    }
    checkGroup(properties);
    Map<String, String> entry = new TreeMap<>(properties);
    entry.put("type", sid.substring(0, sid.indexOf(':')));
    normalise(entry);
    node.write(Section.HA_RESOURCES, config -> config.with(Section.HA_RESOURCES, sid, entry));
  }

  private void checkGuest(String sid) {
    int vmid = GuestConfig.vmid(sid);
    GuestKind kind = sid.startsWith("vm:") ? GuestKind.VM : GuestKind.CT;
    Optional<GuestKind> there = GuestConfig.kind(node.config(), vmid);
    boolean missing = there.isEmpty() || there.get() != kind;
    if (missing && node.version().isNine()) {
      throw new WorldFailure.Refused("resource '" + sid + "' does not exist in cluster");
    }
    if (missing) {
      throw new WorldFailure.Refused("unable to find " + kind.name() + " '" + vmid + "'");
    }
  }

  private void checkGroup(Map<String, String> properties) {
    String group = properties.get("group");
    if (group == null) {
      return;
    }
    if (node.version().hasRules()) {
      throw new WorldFailure.Refused("invalid parameter 'group': " + MIGRATED);
    }
    if (!node.config().section(Section.HA_GROUPS).containsKey(group)) {
      throw new WorldFailure.Refused("HA group '" + group + "' does not exist");
    }
  }

  private static void normalise(Map<String, String> entry) {
    if ("enabled".equals(entry.get("state"))) {
      entry.put("state", "started");
    }
  }

  @Override
  public void updateResource(
      String sid, Map<String, String> set, Set<String> delete, Optional<String> digest) {
    SortedMap<String, String> entry = new TreeMap<>(requireResource(sid));
    node.checkWritable(null);
    Digests.check(digest, node.config().digest(Section.HA_RESOURCES));
    checkGroup(set);
    entry.keySet().removeAll(delete);
    entry.putAll(set);
    normalise(entry);
    boolean inError = "error".equals(record(sid).map(found -> found.state().word()).orElse(""));
    if (inError && set.containsKey("state") && !"disabled".equals(entry.get("state"))) {
      throw new WorldFailure.Refused(
          "service '" + sid + "' in error state, must be disabled and fixed first");
    }
    node.write(Section.HA_RESOURCES, config -> config.with(Section.HA_RESOURCES, sid, entry));
  }

  /** With {@code purge} also out of the rules. */
  public void deleteResource(String sid, boolean purge) {
    if (!resources().containsKey(sid)) {
      throw new WorldFailure.Refused("cannot delete service '" + sid + "', not HA managed!");
    }
    node.checkWritable(null);
    node.write(Section.HA_RESOURCES, config -> HaEntries.withoutResource(config, sid, purge));
  }

  private SortedMap<String, String> requireResource(String sid) {
    SortedMap<String, String> entry = resources().get(sid);
    if (entry == null) {
      throw new WorldFailure.Refused("no such resource '" + sid + "'");
    }
    return entry;
  }

  private Optional<io.pveha.core.ha.ServiceRecord> record(String sid) {
    return Optional.ofNullable(
        HaView.managerStatus(node.config()).services().get(ServiceId.of(sid)));
  }

  /** Queues {@code verb} (migrate or relocate) for the manager's next round. */
  public Move move(String verb, String sid, String target) {
    requireResource(sid);
    node.checkWritable(null);
    if (record(sid).filter(found -> found.state().word().equals("error")).isPresent()) {
      throw new WorldFailure.Refused(
          "service '" + sid + "' in error state, must be disabled and fixed first");
    }
    List<String> together = HaRows.partners(node.config(), sid, true);
    List<String> blocking = new ArrayList<>();
    for (String apart : HaRows.partners(node.config(), sid, false)) {
      if (GuestConfig.node(node.config(), GuestConfig.vmid(apart))
          .filter(target::equals)
          .isPresent()) {
        blocking.add(apart);
      }
    }
    if (blocking.isEmpty()) {
      ServiceOrder.Verb order =
          verb.equals("migrate") ? ServiceOrder.Verb.MIGRATE : ServiceOrder.Verb.RELOCATE;
      queue(new CrmCommand.Move(order, ServiceId.of(sid), target));
    }
    return new Move(sid, target, together, blocking);
  }

  /** Stops the guest through the manager, which keeps it stopped. */
  @Override
  public void queueStop(String sid, int graceSeconds) {
    queue(new CrmCommand.Stop(ServiceId.of(sid), graceSeconds));
  }

  /** As the shell's {@code ha-manager crm-command node-maintenance}; there is no API for it. */
  public void maintenance(String target, boolean enable) {
    queue(new CrmCommand.Maintenance(target, enable));
  }

  /** {@code disarm-ha} with mode freeze or ignore. */
  public void disarm(String mode) {
    queue(new CrmCommand.DisarmHa(Disarm.Mode.valueOf(mode.toUpperCase(java.util.Locale.ROOT))));
  }

  public void arm() {
    queue(new CrmCommand.ArmHa());
  }

  private void queue(CrmCommand command) {
    node.write(null, config -> HaView.withCommand(config, command));
  }

  public Map<String, SortedMap<String, String>> groups() {
    checkGroupsExist("cannot index groups: ");
    return node.config().section(Section.HA_GROUPS);
  }

  private void checkGroupsExist(String what) {
    if (node.version().hasRules()) {
      throw new WorldFailure.Refused(what + MIGRATED);
    }
  }

  public void createGroup(String id, Map<String, String> properties) {
    checkGroupsExist("cannot create group: ");
    node.checkWritable(null);
    if (groups().containsKey(id)) {
      throw new WorldFailure.Refused("ha group '" + id + "' already defined");
    }
    node.write(Section.HA_GROUPS, config -> config.with(Section.HA_GROUPS, id, properties));
  }

  public void updateGroup(
      String id, Map<String, String> set, Set<String> delete, Optional<String> digest) {
    checkGroupsExist("cannot update group: ");
    SortedMap<String, String> entry = new TreeMap<>(requireGroup(id));
    node.checkWritable(null);
    Digests.check(digest, node.config().digest(Section.HA_GROUPS));
    entry.keySet().removeAll(delete);
    entry.putAll(set);
    node.write(Section.HA_GROUPS, config -> config.with(Section.HA_GROUPS, id, entry));
  }

  private SortedMap<String, String> requireGroup(String id) {
    SortedMap<String, String> entry = groups().get(id);
    if (entry == null) {
      throw new WorldFailure.Refused("no such ha group '" + id + "'");
    }
    return entry;
  }

  public void deleteGroup(String id) {
    checkGroupsExist("cannot delete group: ");
    requireGroup(id);
    resources()
        .forEach(
            (sid, entry) -> {
              if (id.equals(entry.get("group"))) {
                throw new WorldFailure.Refused("ha group is used by service '" + sid + "'");
              }
            });
    node.write(Section.HA_GROUPS, config -> config.without(Section.HA_GROUPS, id));
  }

  public Map<String, SortedMap<String, String>> rules() {
    return node.config().section(Section.HA_RULES);
  }

  /** Why a stored rule takes no part, by parameter; empty when it does. */
  public Map<String, List<String>> ruleErrors(String id) {
    Map<String, List<String>> errors = new LinkedHashMap<>();
    for (RuleProblem problem : RuleFeasibility.check(HaEntries.rules(node.config()), nodeNames())) {
      if (problem.rule().equals(id)) {
        errors
            .computeIfAbsent("resources", parameter -> new ArrayList<>())
            .add(problem.reason().sentence());
      }
    }
    return errors;
  }

  private Set<String> nodeNames() {
    Set<String> names = new TreeSet<>(node.config().section(Section.COROSYNC_NODES).keySet());
    return names.isEmpty() ? Set.of(node.name()) : names;
  }

  public void createRule(String id, Map<String, String> properties) {
    node.checkWritable(null);
    if (rules().containsKey(id)) {
      throw new WorldFailure.Refused(RULE_NOT_MADE + "HA rule ID '" + id + "' already defined");
    }
    putRule(id, properties, RULE_NOT_MADE);
  }

  public void updateRule(
      String id, Map<String, String> set, Set<String> delete, Optional<String> digest) {
    SortedMap<String, String> entry = new TreeMap<>(requireRule(id));
    node.checkWritable(null);
    Digests.check(digest, node.config().digest(Section.HA_RULES));
    String type = set.get("type");
    if (type != null && !type.equals(entry.get("type"))) {
      throw new WorldFailure.BadParameter(
          "type", "cannot change rule type from " + entry.get("type") + " to " + type);
    }
    entry.keySet().removeAll(delete);
    entry.putAll(set);
    putRule(id, entry, RULE_NOT_CHANGED);
  }

  /** One rule; refused with the real text when there is none. */
  public SortedMap<String, String> requireRule(String id) {
    SortedMap<String, String> entry = rules().get(id);
    if (entry == null) {
      throw new WorldFailure.Refused("no such ha rule '" + id + "'");
    }
    return entry;
  }

  /** What Proxmox VE 9.2 says was measured: not 400 with a map, but 500 with 400 in its words. */
  private void putRule(String id, Map<String, String> entry, String prefix) {
    List<String> resources = HaEntries.words(entry.getOrDefault("resources", ""));
    List<String> unmanaged =
        resources.stream().filter(sid -> !resources().containsKey(sid)).toList();
    if (!unmanaged.isEmpty()) {
      throw new WorldFailure.Refused(
          prefix + "cannot use unmanaged resource(s) " + String.join(", ", unmanaged) + ".");
    }
    List<String> strangers =
        HaEntries.nodes(entry.getOrDefault("nodes", "")).keySet().stream()
            .filter(name -> !nodeNames().contains(name))
            .toList();
    if (!strangers.isEmpty()) {
      throw new WorldFailure.Refused(
          prefix + "cannot use non-existent node(s) " + String.join(", ", strangers) + ".");
    }
    HaRule candidate = HaEntries.rule(id, entry);
    List<RuleProblem> problems =
        candidate.disabled()
            ? List.of()
            : RuleFeasibility.checkCandidate(
                HaEntries.rules(node.config()), candidate, nodeNames());
    if (!problems.isEmpty()) {
      throw new WorldFailure.Refused(
          "%s400 Rule '%s' is invalid.\nresources: %s\n"
              .formatted(prefix, id, problems.get(0).reason().sentence()));
    }
    node.write(Section.HA_RULES, config -> config.with(Section.HA_RULES, id, entry));
  }

  /** Succeeds on unknown ids, too. */
  public void deleteRule(String id) {
    node.write(Section.HA_RULES, config -> config.without(Section.HA_RULES, id));
  }

  /** The state that status rows show for a service. */
  @Override
  public String shownState(String sid) {
    return HaRows.shown(node.config(), sid);
  }

  /** Rows of {@code GET /cluster/ha/status/current}: strings, numbers as Long, flags as Boolean. */
  public List<SortedMap<String, Object>> current() {
    return new HaRows(node).current();
  }

  /** {@code GET /cluster/ha/status/manager_status}: nested maps, lists, strings, numbers. */
  public SortedMap<String, Object> managerStatus() {
    return new HaRows(node).managerStatus();
  }
}
