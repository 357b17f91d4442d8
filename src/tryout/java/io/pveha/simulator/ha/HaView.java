package io.pveha.simulator.ha;

import io.pveha.core.ha.ClusterMembers;
import io.pveha.core.ha.CrmCommand;
import io.pveha.core.ha.DatacenterOptions;
import io.pveha.core.ha.GuestAction;
import io.pveha.core.ha.HaDaemon;
import io.pveha.core.ha.HaEnvironment;
import io.pveha.core.ha.HaEvent;
import io.pveha.core.ha.HaLock;
import io.pveha.core.ha.LockGrant;
import io.pveha.core.ha.LrmStatus;
import io.pveha.core.ha.ManagerStatus;
import io.pveha.core.ha.ServiceConfig;
import io.pveha.core.ha.StoreUnavailable;
import io.pveha.core.placement.HaGroup;
import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.LoadFigures;
import io.pveha.core.placement.SchedulerMode;
import io.pveha.core.placement.ServiceId;
import io.pveha.simulator.config.ClusterConfig;
import io.pveha.simulator.config.GuestConfig;
import io.pveha.simulator.config.HaEntries;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.guests.GuestRunner;
import io.pveha.simulator.machine.ClusterLocks;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.Membership;
import io.pveha.simulator.machine.WorldFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** One node's part of the world, as its HA daemons see and change it. */
public final class HaView implements HaEnvironment {

  static final String MANAGER_STATUS = "ha/manager_status";
  private static final String COMMANDS = "ha/crm_commands";

  private final Machine node;
  private final HaGuestWork work;

  HaView(Machine node) {
    this.node = node;
    this.work = new HaGuestWork(node);
  }

  static String lrmDocument(String node) {
    return "nodes/" + node + "/lrm_status";
  }

  @Override
  public String node() {
    return node.name();
  }

  @Override
  public boolean isQuorate() {
    return isMounted() && node.membership().quorate();
  }

  private boolean isMounted() {
    return node.services().isRunning("pve-cluster");
  }

  @Override
  public ClusterMembers members() {
    Membership membership = node.membership();
    if (!membership.clustered()) {
      return ClusterMembers.of(List.of(node.name()), List.of(node.name()));
    }
    return ClusterMembers.of(
        node.config().section(Section.COROSYNC_NODES).keySet(),
        membership.quorate() ? membership.members() : List.of());
  }

  @Override
  public boolean refreshView() {
    return isMounted();
  }

  @Override
  public LockGrant lock(HaLock lock) {
    return isQuorate() ? ClusterLocks.acquire(node, lock) : LockGrant.REFUSED;
  }

  @Override
  public boolean unlock(HaLock lock) {
    return isQuorate() && ClusterLocks.release(node, lock);
  }

  @Override
  public void openWatchdog(HaDaemon daemon) {
    node.watchdog().update(daemon);
  }

  @Override
  public void updateWatchdog(HaDaemon daemon) {
    node.watchdog().update(daemon);
  }

  @Override
  public void closeWatchdog(HaDaemon daemon) {
    node.watchdog().close(daemon);
  }

  @Override
  public void emit(HaDaemon daemon, HaEvent event) {
    node.part(NodeHa.class).note(daemon, event);
  }

  @Override
  public ManagerStatus managerStatus() {
    return managerStatus(readable());
  }

  public static ManagerStatus managerStatus(ClusterConfig config) {
    Object status = config.document(MANAGER_STATUS);
    return status == null ? ManagerStatus.EMPTY : (ManagerStatus) status;
  }

  @Override
  public void writeManagerStatus(ManagerStatus status) {
    write(config -> config.withDocument(MANAGER_STATUS, status));
  }

  @Override
  public LrmStatus lrmStatus(String name) {
    return lrmStatus(readable(), name);
  }

  static LrmStatus lrmStatus(ClusterConfig config, String name) {
    Object status = config.document(lrmDocument(name));
    return status == null ? LrmStatus.MISSING : (LrmStatus) status;
  }

  @Override
  public void writeLrmStatus(LrmStatus status) {
    write(config -> config.withDocument(lrmDocument(node.name()), status));
  }

  @Override
  public SortedMap<ServiceId, ServiceConfig> services() {
    return HaEntries.services(readable());
  }

  @Override
  public void updateService(ServiceId sid, UnaryOperator<ServiceConfig> change) {
    ServiceConfig before = services().get(sid);
    if (before != null) {
      ServiceConfig after = change.apply(before);
      write(config -> HaEntries.changed(config, sid.value(), before, after));
    }
  }

  @Override
  public List<HaRule> rules() {
    return node.version().hasRules() ? HaEntries.rules(readable()) : List.of();
  }

  @Override
  public void writeRules(List<HaRule> rules) {
    write(
        config -> {
          ClusterConfig changed = config;
          for (String id : config.section(Section.HA_RULES).keySet()) {
            changed = changed.without(Section.HA_RULES, id);
          }
          for (HaRule rule : rules) {
            changed = changed.with(Section.HA_RULES, rule.id(), HaEntries.entry(rule));
          }
          return changed;
        });
  }

  @Override
  public SortedMap<String, HaGroup> groups() {
    return HaEntries.groups(readable());
  }

  @Override
  public void deleteGroups() {
    write(
        config -> {
          ClusterConfig changed = config;
          for (String id : config.section(Section.HA_GROUPS).keySet()) {
            changed = changed.without(Section.HA_GROUPS, id);
          }
          return changed;
        });
  }

  @Override
  public DatacenterOptions datacenter() {
    return HaEntries.datacenter(readable());
  }

  @Override
  public boolean hasCommands() {
    return !commands(readable()).isEmpty();
  }

  @Override
  public List<CrmCommand> takeCommands() {
    List<CrmCommand> commands = commands(readable());
    if (!commands.isEmpty()) {
      write(config -> config.withDocument(COMMANDS, null));
    }
    return commands;
  }

  @SuppressWarnings("unchecked")
  static List<CrmCommand> commands(ClusterConfig config) {
    Object commands = config.document(COMMANDS);
    return commands == null ? List.of() : (List<CrmCommand>) commands;
  }

  static ClusterConfig withCommand(ClusterConfig config, CrmCommand command) {
    List<CrmCommand> commands = new java.util.ArrayList<>(commands(config));
    commands.add(command);
    return config.withDocument(COMMANDS, List.copyOf(commands));
  }

  @Override
  public LoadFigures loads(SchedulerMode mode) {
    return work.loads(readable());
  }

  @Override
  public Map<String, String> managerVersions() {
    Map<String, String> versions = new TreeMap<>();
    members().known().forEach(name -> versions.put(name, node.version().manager()));
    return versions;
  }

  @Override
  public boolean isRunning(ServiceId sid) {
    return node.part(GuestRunner.class).isRunning(GuestConfig.vmid(sid.value()));
  }

  @Override
  public Optional<String> guestLock(ServiceId sid) {
    return GuestConfig.entry(readable(), GuestConfig.vmid(sid.value()))
        .map(entry -> entry.get("lock"));
  }

  @Override
  public void removeGuestLock(ServiceId sid) {
    write(config -> GuestConfig.put(config, GuestConfig.vmid(sid.value()), "lock", null));
  }

  @Override
  public GuestAction.Progress begin(GuestAction action) {
    return work.begin(action);
  }

  @Override
  public GuestAction.Progress progress(GuestAction action) {
    return work.progress(action);
  }

  void forgetWork() {
    work.forget();
  }

  private ClusterConfig readable() {
    if (!isMounted()) {
      throw new StoreUnavailable("ipcc_send_rec[1] failed: Connection refused");
    }
    return node.config();
  }

  private void write(UnaryOperator<ClusterConfig> change) {
    try {
      node.write(null, change);
    } catch (WorldFailure.NoQuorum | WorldFailure.Refused refused) {
      throw new StoreUnavailable(refused.getMessage());
    }
  }
}
