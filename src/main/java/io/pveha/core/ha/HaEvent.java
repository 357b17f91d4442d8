package io.pveha.core.ha;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something that happened, without time and place.
 *
 * @param facts in the order of the scenario schema; values are strings, numbers, booleans, lists or
 *     maps of these, never null
 */
public record HaEvent(Kind kind, Level level, Map<String, Object> facts) {

  /** How loud Proxmox says it. */
  public enum Level {
    INFO,
    NOTICE,
    WARNING,
    ERROR,
    /** A message to the administrator. */
    EMAIL
  }

  /** The kinds of the scenario schema, and some that no scenario shows. */
  public enum Kind {
    SIM_START("simStart"),
    SIM_END("simEnd"),
    COMMAND("command"),
    ROUND_SKIPPED("roundSkipped"),
    POWER_OFF("powerOff"),
    DAEMON_STATE("daemonState"),
    DAEMON_KILLED("daemonKilled"),
    DAEMON_EXIT("daemonExit"),
    LOCK("lock"),
    LOCK_RELEASED("lockReleased"),
    GOING_IDLE("goingIdle"),
    STORE_ERROR("storeError"),
    SHUTDOWN_REQUEST("shutdownRequest"),
    SHUTDOWN_PLAN("shutdownPlan"),
    NODE_STATE("nodeState"),
    NODE_DELETED("nodeDeleted"),
    FENCE_NOTICE("fenceNotice"),
    FENCE_ACK("fenceAck"),
    FENCE_UNEXPECTED("fenceUnexpected"),
    SELF_FENCE("selfFence"),
    SERVICE_ADDED("serviceAdded"),
    SERVICE_REMOVED("serviceRemoved"),
    SERVICE_STATE("serviceState"),
    MOVE_DECIDED("moveDecided"),
    MOVE_IGNORED("moveIgnored"),
    RECOVER("recover"),
    RECOVER_FAILED("recoverFailed"),
    SERVICE_LOCK_REMOVED("serviceLockRemoved"),
    LOCATION_FIXED("locationFixed"),
    START_FAILOVER("startFailover"),
    RELOCATE_POLICY("relocatePolicy"),
    SERVICE_UNRECOVERABLE("serviceUnrecoverable"),
    MOVE_FAILED("moveFailed"),
    STOP_FAILED("stopFailed"),
    MAINTENANCE_RETURN("maintenanceReturn"),
    MAINTENANCE_DROPPED("maintenanceDropped"),
    MAINTENANCE_STALE_CLEARED("maintenanceStaleCleared"),
    SCHEDULER_MODE("schedulerMode"),
    SCHEDULER_FALLBACK("schedulerFallback"),
    REBALANCE_SELECTED("rebalanceSelected"),
    REBALANCE_IGNORED("rebalanceIgnored"),
    AUTO_REBALANCE("autoRebalance"),
    RULE_DROPPED("ruleDropped"),
    CRM_COMMAND("crmCommand"),
    STOP_REQUEST("stopRequest"),
    DISARM_SERVICE("disarmService"),
    DISARM_DEFERRED("disarmDeferred"),
    DISARM_LRM("disarmLrm"),
    DISARM_COMPLETE("disarmComplete"),
    DISARM_WATCHDOG_RELEASED("disarmWatchdogReleased"),
    DISARM_TAKEOVER("disarmTakeover"),
    REARM("rearm"),
    SERVICE_NODE_UPDATED("serviceNodeUpdated"),
    GROUP_MIGRATION("groupMigration"),
    STARTING("starting"),
    STARTED("started"),
    STOPPING("stopping"),
    STOPPED("stopped"),
    START_FAILED("startFailed"),
    START_RETRY("startRetry"),
    START_GIVEN_UP("startGivenUp"),
    MIGRATE_BEGIN("migrateBegin"),
    MIGRATE_END("migrateEnd"),
    RELOCATE_BEGIN("relocateBegin"),
    RELOCATE_END("relocateEnd"),
    SERVICE_LOCKED("serviceLocked"),
    INTERNAL_ERROR("internalError"),
    NOTE("note");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** As the scenario schema writes it. */
    public String word() {
      return word;
    }
  }

  public HaEvent {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  /** An event at the given level; pairs of name and value, of which null values are left out. */
  public static HaEvent of(Level level, Kind kind, Object... pairs) {
    Map<String, Object> facts = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i + 1] != null) {
        facts.put((String) pairs[i], pairs[i + 1]);
      }
    }
    return new HaEvent(kind, level, facts);
  }

  /** Plain information. */
  public static HaEvent info(Kind kind, Object... pairs) {
    return of(Level.INFO, kind, pairs);
  }
}
