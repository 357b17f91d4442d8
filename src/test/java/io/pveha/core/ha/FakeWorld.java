package io.pveha.core.ha;

import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.placement.HaGroup;
import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.LoadFigures;
import io.pveha.core.placement.SchedulerMode;
import io.pveha.core.placement.ServiceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** One node's world in memory: everything can be set, and what the core did can be read. */
final class FakeWorld implements HaEnvironment {

  static final String NODE = "node1";

  final Set<String> known = new TreeSet<>(Set.of("node1", "node2", "node3"));
  final Set<String> online = new TreeSet<>(known);
  final SortedMap<ServiceId, ServiceConfig> services = new TreeMap<>();
  final Map<String, LrmStatus> lrms = new HashMap<>();
  final Set<ServiceId> running = new HashSet<>();
  final Map<ServiceId, String> guestLocks = new HashMap<>();
  final List<CrmCommand> commands = new ArrayList<>();
  final List<HaEvent> events = new ArrayList<>();
  final List<GuestAction> begun = new ArrayList<>();
  final Set<HaDaemon> watchdogs = EnumSet.noneOf(HaDaemon.class);
  final LockTable locks = new LockTable(HaTimings.proxmox().lockLife());
  ManagerStatus status = ManagerStatus.EMPTY;
  DatacenterOptions datacenter = DatacenterOptions.DEFAULT;
  List<HaRule> rules = List.of();
  boolean quorate = true;
  boolean actionsTakeTime;
  boolean actionsFinish;
  int statusReads;
  Instant now = Instant.EPOCH;

  FakeWorld with(String sid, ServiceConfig config) {
    services.put(ServiceId.of(sid), config);
    return this;
  }

  FakeWorld record(String sid, ServiceRecord record) {
    SortedMap<ServiceId, ServiceRecord> records = new TreeMap<>(status.services());
    records.put(ServiceId.of(sid), record);
    status =
        new ManagerStatus(
            NODE, now, status.nodes(), records, status.maintenanceRequests(), status.disarm());
    return this;
  }

  FakeWorld nodeState(String node, NodeState state) {
    SortedMap<String, NodeState> nodes = new TreeMap<>(status.nodes());
    nodes.put(node, state);
    status =
        new ManagerStatus(
            NODE, now, nodes, status.services(), status.maintenanceRequests(), status.disarm());
    return this;
  }

  Instant after(long seconds) {
    now = now.plusSeconds(seconds);
    return now;
  }

  List<HaEvent> told(Kind kind) {
    return events.stream().filter(event -> event.kind() == kind).toList();
  }

  @Override
  public String node() {
    return NODE;
  }

  @Override
  public boolean isQuorate() {
    return quorate;
  }

  @Override
  public ClusterMembers members() {
    return ClusterMembers.of(known, quorate ? online : Set.of());
  }

  @Override
  public boolean refreshView() {
    return true;
  }

  @Override
  public LockGrant lock(HaLock lock) {
    return quorate ? locks.lock(lock, NODE, now) : LockGrant.REFUSED;
  }

  @Override
  public boolean unlock(HaLock lock) {
    return quorate && locks.unlock(lock, NODE, now);
  }

  @Override
  public void openWatchdog(HaDaemon daemon) {
    watchdogs.add(daemon);
  }

  @Override
  public void updateWatchdog(HaDaemon daemon) {
    if (!watchdogs.contains(daemon)) {
      throw new IllegalStateException("no watchdog");
    }
  }

  @Override
  public void closeWatchdog(HaDaemon daemon) {
    watchdogs.remove(daemon);
  }

  @Override
  public void emit(HaDaemon daemon, HaEvent event) {
    events.add(event);
  }

  @Override
  public ManagerStatus managerStatus() {
    statusReads++;
    return status;
  }

  @Override
  public void writeManagerStatus(ManagerStatus written) {
    status = written;
  }

  @Override
  public LrmStatus lrmStatus(String node) {
    return lrms.getOrDefault(node, LrmStatus.MISSING);
  }

  @Override
  public void writeLrmStatus(LrmStatus written) {
    lrms.put(NODE, written);
  }

  @Override
  public SortedMap<ServiceId, ServiceConfig> services() {
    return services;
  }

  @Override
  public void updateService(ServiceId sid, UnaryOperator<ServiceConfig> change) {
    services.computeIfPresent(sid, (s, config) -> change.apply(config));
  }

  @Override
  public List<HaRule> rules() {
    return rules;
  }

  @Override
  public void writeRules(List<HaRule> written) {
    rules = written;
  }

  @Override
  public SortedMap<String, HaGroup> groups() {
    return Collections.emptySortedMap();
  }

  @Override
  public void deleteGroups() {}

  @Override
  public DatacenterOptions datacenter() {
    return datacenter;
  }

  @Override
  public boolean hasCommands() {
    return !commands.isEmpty();
  }

  @Override
  public List<CrmCommand> takeCommands() {
    List<CrmCommand> taken = List.copyOf(commands);
    commands.clear();
    return taken;
  }

  @Override
  public LoadFigures loads(SchedulerMode mode) {
    return LoadFigures.NONE;
  }

  @Override
  public Map<String, String> managerVersions() {
    return Map.of();
  }

  @Override
  public boolean isRunning(ServiceId sid) {
    return running.contains(sid);
  }

  @Override
  public Optional<String> guestLock(ServiceId sid) {
    return Optional.ofNullable(guestLocks.get(sid));
  }

  @Override
  public void removeGuestLock(ServiceId sid) {
    guestLocks.remove(sid);
  }

  @Override
  public GuestAction.Progress begin(GuestAction action) {
    begun.add(action);
    return actionsTakeTime ? GuestAction.Progress.UNDER_WAY : finish(action);
  }

  @Override
  public GuestAction.Progress progress(GuestAction action) {
    return actionsFinish ? finish(action) : GuestAction.Progress.UNDER_WAY;
  }

  private GuestAction.Progress finish(GuestAction action) {
    switch (action.kind()) {
      case START -> running.add(action.sid());
      case STOP -> running.remove(action.sid());
      case MOVE_LIVE, MOVE_OFFLINE -> {
        running.remove(action.sid());
        updateService(action.sid(), config -> config.withNode(action.target()));
      }
    }
    return GuestAction.Progress.DONE;
  }
}
