package io.pveha.core.ha;

import io.pveha.core.ha.LrmStatus.LrmMode;

/**
 * What an LRM that has to end does with its services.
 *
 * @param word as the scenario schema writes it
 * @param mode the LRM's mode until it has ended
 */
record ShutdownPlan(String word, LrmMode mode) {

  /** The node goes down. */
  static ShutdownPlan forNode(LrmMode now, ShutdownPolicy policy, ShutdownKind kind) {
    if (now == LrmMode.MAINTENANCE) {
      return new ShutdownPlan("keepManualMaintenance", LrmMode.MAINTENANCE);
    }
    boolean freeze =
        switch (policy) {
          case MIGRATE, FAILOVER -> false;
          case FREEZE -> true;
          case CONDITIONAL -> kind == ShutdownKind.REBOOT;
        };
    if (policy == ShutdownPolicy.MIGRATE) {
      return new ShutdownPlan("maintenance", LrmMode.MAINTENANCE);
    }
    return freeze
        ? new ShutdownPlan("stopAndFreeze", LrmMode.RESTART)
        : new ShutdownPlan("stop", LrmMode.SHUTDOWN);
  }

  /** Only the daemon is restarted; guests go on running. */
  static ShutdownPlan forRestart(LrmMode now) {
    return now == LrmMode.MAINTENANCE
        ? new ShutdownPlan("alreadyInMaintenance", LrmMode.MAINTENANCE)
        : new ShutdownPlan("freeze", LrmMode.RESTART);
  }
}
