package io.pveha.rehearsal;

import io.pveha.core.ha.ClusterMembers;
import io.pveha.core.ha.CrmCommand;
import io.pveha.core.ha.CrmDaemon;
import io.pveha.core.ha.Disarm;
import io.pveha.core.ha.FirstWrite;
import io.pveha.core.ha.HaDaemon;
import io.pveha.core.ha.HaEvent;
import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.ha.HaTimings;
import io.pveha.core.ha.LockTable;
import io.pveha.core.ha.LrmDaemon;
import io.pveha.core.ha.RequestedState;
import io.pveha.core.ha.ServiceConfig;
import io.pveha.core.ha.ServiceOrder;
import io.pveha.core.ha.ShutdownKind;
import io.pveha.core.placement.ServiceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Hardware, shared documents and guests of a rehearsal, and what operations do to them. */
final class SimulatedCluster {

  private final HaTimings timings;
  private final SortedMap<String, SimulatedNode> nodes = new TreeMap<>();
  private final SimulatedStore store;
  private final LockTable locks;
  private final FailingService failing = new FailingService();
  private final FirstWrite firstWrite = new FirstWrite();
  private final List<RehearsedEvent> events = new ArrayList<>();
  private final RoundSchedule schedule;

  SimulatedCluster(Scenario scenario, HaTimings timings) {
    this.timings = timings;
    this.store = new SimulatedStore(scenario);
    this.locks = new LockTable(timings.lockLife());
    scenario.nodes().forEach((name, start) -> nodes.put(name, new SimulatedNode(name, start)));
    this.schedule = new RoundSchedule(nodes.size());
  }

  // What environments ask

  RoundSchedule schedule() {
    return schedule;
  }

  long seconds() {
    return schedule.time();
  }

  Instant now() {
    return Instant.ofEpochSecond(schedule.time());
  }

  SimulatedStore store() {
    return store;
  }

  LockTable locks() {
    return locks;
  }

  FailingService failing() {
    return failing;
  }

  Iterable<SimulatedNode> nodes() {
    return nodes.values();
  }

  List<RehearsedEvent> events() {
    return events;
  }

  boolean isQuorate() {
    int online = 0;
    for (SimulatedNode node : nodes.values()) {
      if (node.isOnline()) {
        online++;
      }
    }
    return online > nodes.size() / 2;
  }

  ClusterMembers members() {
    List<String> online = new ArrayList<>();
    if (isQuorate()) {
      for (SimulatedNode node : nodes.values()) {
        if (node.isOnline()) {
          online.add(node.name);
        }
      }
    }
    return ClusterMembers.of(nodes.keySet(), online);
  }

  Map<ServiceId, String> runningWhereConfigured() {
    Map<ServiceId, String> running = new HashMap<>();
    store.services.forEach(
        (sid, config) -> {
          SimulatedNode node = nodes.get(config.node());
          if (node != null && node.running.contains(sid)) {
            running.put(sid, node.name);
          }
        });
    return running;
  }

  void emit(long time, String actor, HaEvent event) {
    events.add(new RehearsedEvent(time, actor, event));
  }

  // Operations

  /** Carries out an operation in the name of an actor. */
  void carryOut(Operation op, String actor) {
    emit(seconds(), actor, HaEvent.info(Kind.COMMAND, "command", op.facts()));
    switch (op.kind()) {
      case POWER -> setPower(node(op), op.isOn());
      case NETWORK -> node(op).network = op.isOn();
      case DELAY -> schedule.delay(op.whole("seconds"));
      case SKIP_ROUND ->
          schedule.skip(
              op.text("daemon").equals("crm") ? HaDaemon.CRM : HaDaemon.LRM,
              op.has("rounds") ? op.whole("rounds") : 1);
      case CFS -> setStore(node(op), op.text("aspect"), op.text("value").equals("work"));
      case SET_VERSION -> store.versions.put(op.node(), op.text("version"));
      case SHUTDOWN -> goDown(node(op), SimulatedNode.Mark.SHUTDOWN, ShutdownKind.SHUTDOWN);
      case REBOOT -> goDown(node(op), SimulatedNode.Mark.REBOOT, ShutdownKind.REBOOT);
      case RESTART_LRM -> restartLrm(node(op));
      case CRM_STOP -> stopCrm(node(op));
      case CRM_START -> startCrm(node(op));
      case MAINTENANCE_ENABLE -> queue(new CrmCommand.Maintenance(op.node(), true));
      case MAINTENANCE_DISABLE -> queue(new CrmCommand.Maintenance(op.node(), false));
      case DISARM -> queue(CrmCommand.parse("disarm-ha " + op.text("mode")));
      case ARM -> queue(new CrmCommand.ArmHa());
      case SERVICE_REQUEST ->
          configure(op, config -> config.withState(RequestedState.ofWord(op.text("state"))));
      case SERVICE_MIGRATE ->
          queue(new CrmCommand.Move(ServiceOrder.Verb.MIGRATE, op.sid(), op.target()));
      case SERVICE_RELOCATE ->
          queue(new CrmCommand.Move(ServiceOrder.Verb.RELOCATE, op.sid(), op.target()));
      case SERVICE_STOP -> queue(new CrmCommand.Stop(op.sid(), op.whole("timeout")));
      case SERVICE_ADD -> addService(op);
      case SERVICE_DELETE -> {
        store.services.remove(op.sid());
        store.forgetConfigured(op.sid());
      }
      case SERVICE_LOCK ->
          store.guestLocks.put(op.sid(), op.has("lock") ? op.text("lock") : "backup");
      case SERVICE_UNLOCK -> unlockGuest(op);
      case SERVICE_MANUAL_MIGRATE -> moveByHand(op);
      case SERVICE_STATIC_LOAD ->
          store.changeConfigured(op.sid(), figure(op, "maxCpu"), figure(op, "maxMemory"));
      case SERVICE_DYNAMIC_LOAD ->
          store.changeMeasured(op.sid(), figure(op, "cpu"), figure(op, "memory"));
    }
  }

  private static Double figure(Operation op, String name) {
    return op.has(name) ? (Double) op.number(name) : null;
  }

  private SimulatedNode node(Operation op) {
    return nodes.get(op.node());
  }

  private void queue(CrmCommand command) {
    store.commands.add(command);
  }

  private void configure(Operation op, java.util.function.UnaryOperator<ServiceConfig> change) {
    store.services.computeIfPresent(op.sid(), (sid, config) -> change.apply(config));
  }

  private void addService(Operation op) {
    RequestedState state =
        op.has("state") ? RequestedState.ofWord(op.text("state")) : RequestedState.STARTED;
    store.services.put(op.sid(), ServiceConfig.on(op.node(), state));
    if (Boolean.TRUE.equals(op.fields().get("running"))) {
      node(op).running.add(op.sid());
    } else {
      node(op).running.remove(op.sid());
    }
  }

  private void unlockGuest(Operation op) {
    String lock = store.guestLocks.get(op.sid());
    if (lock != null && (!op.has("lock") || op.text("lock").equals(lock))) {
      store.guestLocks.remove(op.sid());
    }
  }

  private void moveByHand(Operation op) {
    Disarm disarm = store.managerStatus.disarm();
    boolean unmanaged = disarm != null && disarm.mode() == Disarm.Mode.IGNORE;
    configure(
        op,
        config ->
            unmanaged || config.state() == RequestedState.IGNORED
                ? config.withNode(op.target())
                : config);
  }

  // Hardware

  private void setPower(SimulatedNode node, boolean on) {
    if (on && !node.power) {
      if (node.crm == null) {
        createCrm(node);
      }
      if (node.lrm == null) {
        createLrm(node);
      }
      node.storeWorks = true;
      node.refreshWorks = true;
    } else if (!on && node.power) {
      kill(node);
    }
    node.power = on;
    node.network = on;
    node.mark = SimulatedNode.Mark.NONE;
  }

  private void kill(SimulatedNode node) {
    if (node.crm != null) {
      tellKilled(node, HaDaemon.CRM);
      node.crm = null;
    }
    if (node.lrm != null) {
      tellKilled(node, HaDaemon.LRM);
      node.lrm = null;
    }
    node.restartLrm = false;
    node.watchdogs.clear();
    node.running.clear();
  }

  private void tellKilled(SimulatedNode node, HaDaemon daemon) {
    HaEvent event = HaEvent.info(Kind.DAEMON_KILLED, "by", "powerOff");
    emit(node.clock.get(daemon), node.actor(daemon), event);
  }

  private void createCrm(SimulatedNode node) {
    node.crm = new CrmDaemon(new NodeEnvironment(this, node), timings);
  }

  void createLrm(SimulatedNode node) {
    node.lrm = new LrmDaemon(new NodeEnvironment(this, node), timings, firstWrite);
  }

  private void setStore(SimulatedNode node, String aspect, boolean works) {
    if (aspect.equals("rw")) {
      node.storeWorks = works;
    } else {
      node.refreshWorks = works;
    }
  }

  private void goDown(SimulatedNode node, SimulatedNode.Mark mark, ShutdownKind kind) {
    node.mark = mark;
    requestLrmShutdown(node, kind);
  }

  private void restartLrm(SimulatedNode node) {
    node.restartLrm = node.lrm != null;
    requestLrmShutdown(node, ShutdownKind.RESTART);
  }

  private void requestLrmShutdown(SimulatedNode node, ShutdownKind kind) {
    if (node.lrm != null) {
      node.lrm.requestShutdown(kind, Instant.ofEpochSecond(node.clock.get(HaDaemon.LRM)));
    }
  }

  private void stopCrm(SimulatedNode node) {
    if (node.crm != null) {
      node.crm.requestShutdown();
    }
  }

  private void startCrm(SimulatedNode node) {
    if (node.crm == null && node.power) {
      createCrm(node);
    }
  }
}
