package io.pveha.core.ha;

import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.ha.HaEvent.Level;
import io.pveha.core.placement.BalancingMove;
import io.pveha.core.placement.SchedulerMode;
import io.pveha.core.placement.ServiceId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Moves one service at a time while the load stays uneven for some rounds. */
final class AutoBalance {

  private final boolean spread;
  private int unevenRounds;

  AutoBalance(HaTimings timings) {
    this.spread = timings.spreadOfImbalance();
  }

  void consider(RoundView view) {
    DatacenterOptions.Crs crs = view.crs();
    if (!crs.autoRebalance()
        || view.usage().mode() == SchedulerMode.BASIC
        || isAnythingMoving(view.memory())) {
      return;
    }
    double before = view.usage().imbalance(spread);
    if (before <= crs.threshold()) {
      unevenRounds = 0;
      return;
    }
    unevenRounds++;
    if (unevenRounds < crs.holdRounds()) {
      return;
    }
    unevenRounds = 0;
    bestMove(view, crs.method())
        .filter(move -> (before - move.imbalance()) / before >= crs.margin())
        .ifPresent(move -> order(view, move, before));
  }

  private static boolean isAnythingMoving(ManagerMemory memory) {
    return memory.services.values().stream()
        .anyMatch(
            record -> record.state().isMove() || record.order() != null && record.order().isMove());
  }

  private Optional<BalancingMove> bestMove(RoundView view, DatacenterOptions.Method method) {
    SortedMap<ServiceId, String> started = new TreeMap<>();
    view.memory()
        .services
        .forEach(
            (sid, record) -> {
              if (record.state() == ServiceState.STARTED) {
                started.put(sid, record.node());
              }
            });
    try {
      return switch (method) {
        case BRUTEFORCE ->
            BalancingMove.leastImbalance(started, view.usage(), view.rules(), spread);
        case TOPSIS -> BalancingMove.nearestToIdeal(started, view.usage(), view.rules(), spread);
      };
    } catch (BalancingMove.NotPlaced e) {
      view.world()
          .emit(
              HaDaemon.CRM,
              HaEvent.of(
                  Level.WARNING,
                  Kind.SCHEDULER_FALLBACK,
                  "reason",
                  "notPlaced",
                  "text",
                  e.getMessage()));
      return Optional.empty();
    }
  }

  private static void order(RoundView view, BalancingMove move, double before) {
    ServiceOrder.Verb verb =
        move.sid().canMoveLive() ? ServiceOrder.Verb.MIGRATE : ServiceOrder.Verb.RELOCATE;
    view.world()
        .emit(
            HaDaemon.CRM,
            HaEvent.info(
                Kind.AUTO_REBALANCE,
                "mode",
                verb.word(),
                "sid",
                move.sid().value(),
                "target",
                move.target(),
                "imbalanceBefore",
                twoDigits(before),
                "imbalanceAfter",
                twoDigits(move.imbalance())));
    new CommandDesk(view).queueMove(new CrmCommand.Move(verb, move.sid(), move.target()));
  }

  private static double twoDigits(double value) {
    return new BigDecimal(value).setScale(2, RoundingMode.HALF_EVEN).doubleValue();
  }
}
