package io.pveha.core.ha;

import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.ha.HaEvent.Level;
import io.pveha.core.ha.ServiceStep.Decision;
import io.pveha.core.placement.NodeSelection.Preference;
import java.util.Set;

/**
 * The life of a service as the manager decides it: per state one method with its guards from top to
 * bottom, the first that holds wins. A pure function from facts to a decision; what the manager
 * does with it is in {@link ServiceLoop}, the diagram in {@code docs/ha-model.md}.
 */
final class ServiceMachine {

  /** Guest locks that die with the node that held them. */
  private static final Set<String> LEFT_OVER_LOCKS =
      Set.of(
          "backup",
          "mounted",
          "migrate",
          "clone",
          "rollback",
          "snapshot",
          "snapshot-delete",
          "suspending",
          "suspended");

  private ServiceMachine() {}

  /** Decides what becomes of a service now; it may be looked at again in the same round. */
  static Decision look(ServiceFacts facts) {
    ServiceTurn turn = new ServiceTurn(facts);
    ServiceTurn decided =
        switch (turn.state()) {
          case REQUEST_START -> requestStart(turn);
          case STARTED -> StartedService.look(turn);
          case REQUEST_STOP -> requestStop(turn);
          case STOPPED -> stopped(turn);
          case MIGRATE, RELOCATE, REQUEST_START_BALANCE -> moving(turn);
          case FENCE -> turn; // leaves when its node is fenced
          case RECOVERY -> recovery(turn);
          case FREEZE -> freeze(turn);
          case ERROR -> error(turn);
        };
    return freezeForRestart(decided).decision();
  }

  private static ServiceTurn requestStart(ServiceTurn turn) {
    if (!turn.rebalancesOnStart()) {
      return turn.becomeOn(ServiceState.STARTED, turn.node());
    }
    String best = turn.select(Preference.BEST);
    boolean changed = best != null && !best.equals(turn.node());
    turn.info(Kind.REBALANCE_SELECTED, "node", changed ? best : turn.node(), "changed", changed);
    return changed
        ? turn.becomeMoving(ServiceState.REQUEST_START_BALANCE, best)
        : turn.becomeOn(ServiceState.STARTED, turn.node());
  }

  private static ServiceTurn requestStop(ServiceTurn turn) {
    if (turn.hasResult()) {
      if (turn.result() == ExitCode.SUCCESS) {
        return turn.become(ServiceState.STOPPED);
      }
      turn.say(Level.ERROR, Kind.STOP_FAILED, "exitCode", turn.result());
      return turn.become(ServiceState.ERROR);
    }
    return turn.nodeIsDown() ? turn.become(ServiceState.FENCE) : turn;
  }

  private static ServiceTurn moving(ServiceTurn turn) {
    if (turn.hasResult()) {
      switch (turn.result()) {
        case ExitCode.SUCCESS:
          return turn.becomeOn(turn.runState(), turn.target());
        case ExitCode.WRONG_NODE:
          turn.say(Level.ERROR, Kind.MOVE_FAILED, "reason", "wrongNode");
          turn.become(ServiceState.ERROR);
          break;
        case ExitCode.IGNORED:
          turn.info(Kind.REBALANCE_IGNORED, "reason", "alreadyRunning");
          turn.becomeOn(turn.runState(), turn.node());
          break;
        default:
          turn.say(Level.ERROR, Kind.MOVE_FAILED, "exitCode", turn.result(), "reason", "exitCode");
          return turn.becomeOn(turn.runState(), turn.node());
      }
    }
    return turn.nodeIsDown() ? turn.become(ServiceState.FENCE) : turn;
  }

  private static ServiceTurn stopped(ServiceTurn turn) {
    if (turn.config().node() != null && !turn.node().equals(turn.config().node())) {
      turn.info(Kind.LOCATION_FIXED, "from", turn.node(), "to", turn.config().node());
      turn.useConfiguredNode();
    }
    ServiceOrder order = turn.order();
    if (order != null) {
      if (order.isMove()) {
        if (turn.isOnline(order.target()) && !order.target().equals(turn.node())) {
          return turn.becomeMoving(order.state(), order.target());
        }
        StartedService.ignoreMove(turn, order);
      } else {
        turn.info(Kind.STOP_REQUEST, "mode", "ignored", "reason", "alreadyStopped");
      }
      turn.dropOrder();
    }
    if (turn.isRequested(RequestedState.DISABLED)) {
      return turn;
    }
    if (turn.nodeIsDown() && turn.nodeState() != NodeState.MAINTENANCE) {
      return turn.become(ServiceState.FENCE);
    }
    return turn.isRequested(RequestedState.STARTED)
        ? turn.becomeOn(ServiceState.REQUEST_START, turn.node())
        : turn;
  }

  private static ServiceTurn recovery(ServiceTurn turn) {
    String dead = turn.node();
    String node = turn.select(Preference.BEST);
    if (node != null) {
      boolean same = node.equals(dead);
      turn.info(
          Kind.RECOVER, "from", same ? null : dead, "to", node, "samePlace", same ? true : null);
      if (turn.guestLock() != null && LEFT_OVER_LOCKS.contains(turn.guestLock())) {
        turn.say(Level.WARNING, Kind.SERVICE_LOCK_REMOVED, "lock", turn.guestLock());
        turn.step(new ServiceStep.RemoveGuestLock());
      }
      turn.step(new ServiceStep.TakeConfiguration(dead, node));
      return turn.becomeOn(turn.runState(), node);
    }
    turn.say(Level.ERROR, Kind.RECOVER_FAILED, "from", dead, "reason", "noNode");
    if (turn.isRequested(RequestedState.DISABLED)) {
      turn.forgetFailedNodes();
      return turn.become(ServiceState.STOPPED);
    }
    return turn;
  }

  private static ServiceTurn freeze(ServiceTurn turn) {
    return turn.lrmMode() == LrmStatus.LrmMode.ACTIVE ? turn.become(turn.runState()) : turn;
  }

  private static ServiceTurn error(ServiceTurn turn) {
    if (turn.isRequested(RequestedState.DISABLED)) {
      turn.forgetFailedNodes();
      return turn.become(ServiceState.STOPPED);
    }
    return turn;
  }

  /** An LRM that is being restarted will be back: nobody touches its services meanwhile. */
  private static ServiceTurn freezeForRestart(ServiceTurn turn) {
    boolean settled =
        switch (turn.state()) {
          case STARTED, STOPPED, REQUEST_STOP -> true;
          case REQUEST_START,
              REQUEST_START_BALANCE,
              MIGRATE,
              RELOCATE,
              FENCE,
              RECOVERY,
              FREEZE,
              ERROR ->
              false;
        };
    return settled && turn.lrmMode() == LrmStatus.LrmMode.RESTART
        ? turn.become(ServiceState.FREEZE)
        : turn;
  }
}
