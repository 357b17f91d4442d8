package io.pveha.rehearsal;

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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.UnaryOperator;

/** The simulated cluster as the daemons of one node see it. */
final class NodeEnvironment implements HaEnvironment {

  private final SimulatedCluster cluster;
  private final SimulatedNode node;

  NodeEnvironment(SimulatedCluster cluster, SimulatedNode node) {
    this.cluster = cluster;
    this.node = node;
  }

  @Override
  public String node() {
    return node.name;
  }

  @Override
  public boolean isQuorate() {
    return node.isOnline() && cluster.isQuorate();
  }

  @Override
  public ClusterMembers members() {
    return cluster.members();
  }

  @Override
  public boolean refreshView() {
    return node.refreshWorks;
  }

  @Override
  public LockGrant lock(HaLock lock) {
    return isQuorate() ? cluster.locks().lock(lock, node.name, cluster.now()) : LockGrant.REFUSED;
  }

  @Override
  public boolean unlock(HaLock lock) {
    return isQuorate() && cluster.locks().unlock(lock, node.name, cluster.now());
  }

  @Override
  public void openWatchdog(HaDaemon daemon) {
    node.watchdogs.put(daemon, cluster.seconds());
  }

  @Override
  public void updateWatchdog(HaDaemon daemon) {
    if (node.watchdogs.replace(daemon, cluster.seconds()) == null) {
      throw new IllegalStateException("the watchdog of " + node.actor(daemon) + " has expired");
    }
  }

  @Override
  public void closeWatchdog(HaDaemon daemon) {
    if (node.watchdogs.remove(daemon) == null) {
      throw new IllegalStateException("the watchdog of " + node.actor(daemon) + " has expired");
    }
  }

  @Override
  public void emit(HaDaemon daemon, HaEvent event) {
    cluster.emit(node.clock.get(daemon), node.actor(daemon), event);
  }

  // Shared documents

  private SimulatedStore store() {
    if (!node.storeWorks) {
      throw new StoreUnavailable("the cluster file system of " + node.name + " is not mounted");
    }
    return cluster.store();
  }

  @Override
  public ManagerStatus managerStatus() {
    return store().managerStatus;
  }

  @Override
  public void writeManagerStatus(ManagerStatus status) {
    store().managerStatus = status;
  }

  @Override
  public LrmStatus lrmStatus(String name) {
    return store().lrmStatus.getOrDefault(name, LrmStatus.MISSING);
  }

  @Override
  public void writeLrmStatus(LrmStatus status) {
    store().lrmStatus.put(node.name, status);
  }

  @Override
  public SortedMap<ServiceId, ServiceConfig> services() {
    return Collections.unmodifiableSortedMap(store().services);
  }

  @Override
  public void updateService(ServiceId sid, UnaryOperator<ServiceConfig> change) {
    store().services.computeIfPresent(sid, (s, old) -> change.apply(old));
  }

  @Override
  public List<HaRule> rules() {
    return store().rules;
  }

  @Override
  public void writeRules(List<HaRule> rules) {
    store().rules = rules;
  }

  @Override
  public SortedMap<String, HaGroup> groups() {
    return store().groups;
  }

  @Override
  public void deleteGroups() {
    store().groups = Collections.emptySortedMap();
  }

  @Override
  public DatacenterOptions datacenter() {
    return store().datacenter;
  }

  @Override
  public boolean hasCommands() {
    return !store().commands.isEmpty();
  }

  @Override
  public List<CrmCommand> takeCommands() {
    return store().takeCommands();
  }

  @Override
  public LoadFigures loads(SchedulerMode mode) {
    return store().figures(mode, cluster.runningWhereConfigured());
  }

  @Override
  public Map<String, String> managerVersions() {
    return store().versions;
  }

  // Guests

  @Override
  public boolean isRunning(ServiceId sid) {
    return node.running.contains(sid);
  }

  @Override
  public Optional<String> guestLock(ServiceId sid) {
    return Optional.ofNullable(cluster.store().guestLocks.get(sid));
  }

  @Override
  public void removeGuestLock(ServiceId sid) {
    cluster.store().guestLocks.remove(sid);
  }

  @Override
  public boolean prepareMove(ServiceId sid, String target) {
    return !cluster.failing().moveFails(sid, node.name);
  }

  @Override
  public GuestAction.Progress begin(GuestAction action) {
    ServiceId sid = action.sid();
    switch (action.kind()) {
      case START -> {
        if (!cluster.failing().startFails(sid, node.name)) {
          node.running.add(sid);
        }
      }
      case STOP -> {
        if (action.forMove() || !cluster.failing().neverStops(sid)) {
          node.running.remove(sid);
        }
      }
      case MOVE_LIVE, MOVE_OFFLINE -> {
        updateService(sid, config -> config.withNode(action.target()));
        node.running.remove(sid);
      }
    }
    return GuestAction.Progress.DONE;
  }

  @Override
  public GuestAction.Progress progress(GuestAction action) {
    throw new IllegalStateException("no action takes time in a rehearsal");
  }
}
