package io.pveha.core.ha;

import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.ha.HaEvent.Level;
import io.pveha.core.placement.NodeSelection.Preference;
import java.util.Objects;

/** The state {@link ServiceState#STARTED}: where most of a service's life happens. */
final class StartedService {

  private StartedService() {}

  /** Its node first, then what its owner wants, then what its LRM says, then where it should be. */
  static ServiceTurn look(ServiceTurn turn) {
    if (turn.nodeState() != NodeState.ONLINE) {
      if (turn.nodeIsDown()) {
        turn.become(ServiceState.FENCE);
      }
      if (turn.nodeState() != NodeState.MAINTENANCE) {
        return turn;
      }
      turn.returnTo(turn.node());
    }
    if (turn.isRequested(RequestedState.DISABLED) || turn.isRequested(RequestedState.STOPPED)) {
      return turn.become(ServiceState.REQUEST_STOP);
    }
    if (turn.order() != null) {
      return obey(turn, turn.order());
    }
    return hearResult(turn);
  }

  private static ServiceTurn obey(ServiceTurn turn, ServiceOrder order) {
    if (!order.isMove()) {
      boolean hard = order.timeout() == 0;
      turn.info(
          Kind.STOP_REQUEST,
          "mode",
          hard ? "immediate" : "graceful",
          "timeout",
          hard ? null : order.timeout());
      turn.step(new ServiceStep.RequestStopped());
      return turn.becomeStopping(order.timeout());
    }
    if (!turn.isOnline(order.target()) || order.target().equals(turn.node())) {
      ignoreMove(turn, order);
      turn.dropOrder();
      return turn;
    }
    turn.info(Kind.MOVE_DECIDED, "target", order.target(), "mode", order.verb().word());
    return turn.becomeMoving(order.state(), order.target());
  }

  static void ignoreMove(ServiceTurn turn, ServiceOrder order) {
    boolean there = order.target().equals(turn.node());
    turn.info(
        Kind.MOVE_IGNORED,
        "target",
        order.target(),
        "mode",
        order.verb().word(),
        "reason",
        there ? "alreadyThere" : "nodeNotOnline");
  }

  /** The relocate policy: how often another node is tried after local starts have failed. */
  private static ServiceTurn hearResult(ServiceTurn turn) {
    if (!turn.hasResult()) {
      return place(turn, Preference.STAY);
    }
    switch (turn.result()) {
      case ExitCode.SUCCESS:
        if (!turn.record().failedNodes().isEmpty()) {
          turn.info(
              Kind.RELOCATE_POLICY,
              "node",
              turn.node(),
              "failedNodes",
              turn.record().failedNodes(),
              "outcome",
              "success");
          turn.forgetFailedNodes();
        }
        turn.confirmRunning(true);
        return place(turn, Preference.STAY);
      case ExitCode.ERROR, ExitCode.WRONG_NODE:
        turn.confirmRunning(false);
        turn.addFailedNode();
        if (turn.record().failedNodes().size() <= turn.config().maxRelocate()) {
          turn.say(Level.WARNING, Kind.START_FAILOVER, "node", turn.node());
          return place(turn, Preference.NEXT);
        }
        turn.say(
            Level.ERROR,
            Kind.RELOCATE_POLICY,
            "failedNodes",
            turn.record().failedNodes(),
            "outcome",
            "error");
        return turn.become(ServiceState.ERROR);
      default:
        turn.addFailedNode();
        turn.say(Level.ERROR, Kind.SERVICE_UNRECOVERABLE, "exitCode", turn.result());
        return turn.become(ServiceState.ERROR);
    }
  }

  private static ServiceTurn place(ServiceTurn turn, Preference preference) {
    String best = turn.select(preference);
    String way = turn.record().maintenanceNode();
    if (best != null && !best.equals(turn.node())) {
      if (way != null && way.equals(best)) {
        turn.info(Kind.MAINTENANCE_RETURN, "node", best);
        turn.returnTo(null);
      } else if (way != null && !way.equals(turn.node())) {
        turn.info(Kind.MAINTENANCE_DROPPED, "node", way);
        turn.returnTo(null);
      }
      ServiceState move = turn.canMoveLive() ? ServiceState.MIGRATE : ServiceState.RELOCATE;
      Boolean running = turn.canMoveLive() ? true : null;
      turn.info(Kind.MOVE_DECIDED, "target", best, "mode", move.word(), "running", running);
      return turn.becomeMoving(move, best);
    }
    if (preference == Preference.NEXT && best == null) {
      turn.say(
          Level.WARNING,
          Kind.RELOCATE_POLICY,
          "triedNodes",
          turn.record().failedNodes(),
          "outcome",
          "allNodesTried");
    }
    if (Objects.equals(way, turn.node()) && turn.isOnline(turn.node())) {
      turn.info(Kind.MAINTENANCE_STALE_CLEARED, "node", way);
      turn.returnTo(null);
    }
    if (turn.hasResult()) {
      turn.consumeResult();
    }
    return turn;
  }
}
