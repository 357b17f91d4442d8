package io.pveha.core.ha;

import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.ha.HaEvent.Level;
import io.pveha.core.ha.ServiceStep.Decision;
import io.pveha.core.placement.NodeSelection.Preference;
import java.util.ArrayList;
import java.util.List;

/**
 * One look at one service while it is being decided: the facts, the record as it stands, and the
 * steps so far. The only place where a service changes state.
 */
final class ServiceTurn {

  private final ServiceFacts facts;
  private final List<ServiceStep> steps = new ArrayList<>();
  private ServiceRecord record;

  ServiceTurn(ServiceFacts facts) {
    this.facts = facts;
    this.record = facts.record();
  }

  Decision decision() {
    return new Decision(record, List.copyOf(steps));
  }

  // What is known

  ServiceState state() {
    return record.state();
  }

  String node() {
    return record.node();
  }

  String target() {
    return record.target();
  }

  ServiceOrder order() {
    return record.order();
  }

  ServiceRecord record() {
    return record;
  }

  ServiceConfig config() {
    return facts.config();
  }

  boolean isRequested(RequestedState state) {
    return facts.config().state() == state;
  }

  boolean hasResult() {
    return facts.result() != null;
  }

  int result() {
    return facts.result();
  }

  boolean rebalancesOnStart() {
    return facts.rebalanceOnStart();
  }

  boolean canMoveLive() {
    return facts.sid().canMoveLive();
  }

  NodeState nodeState() {
    return facts.cluster().nodeState(node());
  }

  boolean isOnline(String node) {
    return facts.cluster().nodeState(node) == NodeState.ONLINE;
  }

  boolean nodeIsDown() {
    return facts.cluster().isDown(node());
  }

  LrmStatus.LrmMode lrmMode() {
    return facts.cluster().lrmMode(node());
  }

  String select(Preference preference) {
    return facts.cluster().select(facts.sid(), record, config(), preference);
  }

  String guestLock() {
    return facts.cluster().guestLock(facts.sid());
  }

  /** Where a service goes that is no longer in anybody's way: started if wanted, else stopped. */
  ServiceState runState() {
    return isRequested(RequestedState.STARTED) ? ServiceState.STARTED : ServiceState.REQUEST_STOP;
  }

  // Changing state

  ServiceTurn become(ServiceState next) {
    return change(next, null, null, null);
  }

  ServiceTurn becomeOn(ServiceState next, String node) {
    return change(next, node, null, null);
  }

  ServiceTurn becomeMoving(ServiceState next, String target) {
    return change(next, node(), target, null);
  }

  ServiceTurn becomeStopping(Integer timeout) {
    return change(ServiceState.REQUEST_STOP, null, null, timeout);
  }

  private ServiceTurn change(ServiceState next, String node, String target, Integer timeout) {
    ServiceState old = state();
    if (old == next) {
      throw new IllegalStateException(
          "service '" + facts.sid() + "' is in state '" + next.word() + "' already");
    }
    record = record.inState(next, facts.cluster().newUid()).withTarget(target).withTimeout(timeout);
    if (node != null) {
      record = record.withNode(node);
    }
    return info(
        Kind.SERVICE_STATE,
        "from",
        old.word(),
        "to",
        next.word(),
        "node",
        node,
        "target",
        target,
        "timeout",
        timeout);
  }

  // Remembering

  void consumeResult() {
    record = record.withUid(facts.cluster().newUid());
  }

  void dropOrder() {
    record = record.withOrder(null);
  }

  void confirmRunning(boolean running) {
    record = record.withRunning(running);
  }

  void addFailedNode() {
    record = record.withFailedNode(node());
  }

  void forgetFailedNodes() {
    record = record.withoutFailedNodes();
  }

  void returnTo(String maintenanceNode) {
    record = record.withMaintenanceNode(maintenanceNode);
  }

  void useConfiguredNode() {
    record = record.withNode(config().node());
  }

  // Acting and telling

  void step(ServiceStep step) {
    steps.add(step);
  }

  ServiceTurn info(Kind kind, Object... pairs) {
    return say(Level.INFO, kind, pairs);
  }

  ServiceTurn say(Level level, Kind kind, Object... pairs) {
    List<Object> named = new ArrayList<>(List.of("sid", facts.sid().value()));
    for (Object word : pairs) {
      named.add(word);
    }
    steps.add(new ServiceStep.Say(HaEvent.of(level, kind, named.toArray())));
    return this;
  }
}
