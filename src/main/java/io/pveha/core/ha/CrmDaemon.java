package io.pveha.core.ha;

import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.ha.HaEvent.Level;
import java.time.Instant;
import java.util.Locale;

/**
 * The cluster resource manager of one node. All nodes run one; the one that holds the manager lock
 * is master and does the work of {@link Manager}, the others wait for their turn.
 *
 * <p>A turn first finds the state to be in (see {@code docs/ha-model.md} for the diagram), then
 * does the work of that state. Not thread-safe.
 */
public final class CrmDaemon {

  /** State of a CRM daemon. */
  public enum CrmState {
    /** Waits until this node may act at all. */
    WAIT_FOR_QUORUM,
    /** Could act, but another node is master. */
    SLAVE,
    /** Holds the manager lock and a watchdog. */
    MASTER,
    /** Could not renew the manager lock; lets go of everything in the same turn. */
    LOST_MANAGER_LOCK;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final HaEnvironment world;
  private final HaTimings timings;
  private CrmState state;
  private Manager manager;
  private boolean holdsWatchdog;
  private boolean disarmed;
  private boolean shutdownRequested;
  private boolean viewIsFresh;
  private int idleRounds;

  /** Starts the daemon; it tells {@code startup -> wait_for_quorum} at once. */
  public CrmDaemon(HaEnvironment world, HaTimings timings) {
    this.world = world;
    this.timings = timings;
    this.state = CrmState.WAIT_FOR_QUORUM;
    tellState("startup", state);
  }

  public CrmState state() {
    return state;
  }

  /** Asks the daemon to end; it acts on its next turn. */
  public void requestShutdown() {
    say(HaEvent.info(Kind.SHUTDOWN_REQUEST));
    shutdownRequested = true;
  }

  /** One turn, to be had about every 10 s. */
  public DaemonTurn iterate(Instant now) {
    viewIsFresh = world.refreshView();
    transition(now);
    return switch (state) {
      case WAIT_FOR_QUORUM, SLAVE -> waitForTurn();
      case LOST_MANAGER_LOCK -> letGo();
      case MASTER -> master(now);
    };
  }

  // Transitions

  private void transition(Instant now) {
    switch (state) {
      case WAIT_FOR_QUORUM -> {
        if (mayAct()) {
          if (lockIsGranted()) {
            becomeMaster(now);
          } else {
            become(CrmState.SLAVE);
          }
        }
      }
      case SLAVE -> {
        if (!mayAct()) {
          become(CrmState.WAIT_FOR_QUORUM);
        } else if (lockIsGranted()) {
          becomeMaster(now);
        }
      }
      case MASTER -> {
        if (!lockIsGranted()) {
          become(CrmState.LOST_MANAGER_LOCK);
        } else {
          countIdleRounds();
        }
      }
      case LOST_MANAGER_LOCK -> {} // left in the turn that entered it
    }
  }

  private void countIdleRounds() {
    if (!mayGoIdle()) {
      idleRounds = 0;
      return;
    }
    idleRounds++;
    if (idleRounds > timings.managerIdleRounds()) {
      say(HaEvent.info(Kind.GOING_IDLE, "rounds", timings.managerIdleRounds(), "scope", "cluster"));
      world.unlock(HaLock.MANAGER);
      closeWatchdog();
      become(CrmState.WAIT_FOR_QUORUM);
    }
  }

  /** Gets or renews the manager lock; whoever has it is watched, unless nothing is armed. */
  private boolean lockIsGranted() {
    LockGrant grant = world.lock(HaLock.MANAGER);
    if (!grant.isGranted()) {
      return false;
    }
    if (grant == LockGrant.TAKEN) {
      say(HaEvent.info(Kind.LOCK, "name", "manager"));
    }
    if (holdsWatchdog) {
      world.updateWatchdog(HaDaemon.CRM);
    } else if (!disarmed) {
      if (isStoredAsDisarmed()) {
        say(HaEvent.info(Kind.DISARM_TAKEOVER));
        disarmed = true;
      } else {
        world.openWatchdog(HaDaemon.CRM);
        holdsWatchdog = true;
      }
    }
    return true;
  }

  /** A status that can't be read is no reason to go unwatched. */
  private boolean isStoredAsDisarmed() {
    try {
      return world.managerStatus().isDisarmed();
    } catch (StoreUnavailable e) {
      say(HaEvent.of(Level.ERROR, Kind.STORE_ERROR, "during", "readManagerStatus"));
      return false;
    }
  }

  private void becomeMaster(Instant now) {
    become(CrmState.MASTER);
    manager = new Manager(world, timings, now);
  }

  private void become(CrmState next) {
    CrmState old = state;
    state = next;
    if (old == CrmState.MASTER) {
      manager = null;
    }
    tellState(old.word(), next);
  }

  // Tests

  /** The status that the last master wrote, or null while this node can't be trusted to act. */
  private ManagerStatus readWhenHealthy() {
    if (!world.isQuorate() || !viewIsFresh) {
      return null;
    }
    try {
      ManagerStatus status = world.managerStatus();
      return status.hasServiceInFence(world.node()) ? null : status;
    } catch (StoreUnavailable e) {
      say(HaEvent.of(Level.ERROR, Kind.STORE_ERROR, "during", "readManagerStatus"));
      return null;
    }
  }

  private boolean mayAct() {
    ManagerStatus status = readWhenHealthy();
    return status != null && (!world.services().isEmpty() || hasUnfinishedBusiness(status));
  }

  /** Without any service configured there may still be something to clear up. */
  private boolean hasUnfinishedBusiness(ManagerStatus status) {
    String master = status.masterNode();
    boolean nobodyElse =
        master == null
            || master.equals(world.node())
            || status.nodeState(master) != NodeState.ONLINE;
    boolean staleMaintenance =
        status.nodes().entrySet().stream()
            .anyMatch(
                node ->
                    node.getValue() == NodeState.MAINTENANCE
                        && !status.maintenanceRequests().contains(node.getKey()));
    return nobodyElse
        && (staleMaintenance
            || world.hasCommands()
            || !status.services().isEmpty()
            || status.disarm() != null);
  }

  private boolean mayGoIdle() {
    ManagerStatus status = readWhenHealthy();
    if (status == null || status.disarm() != null || !status.services().isEmpty()) {
      return false;
    }
    return world.services().isEmpty();
  }

  // Work

  private DaemonTurn waitForTurn() {
    return shutdownRequested ? DaemonTurn.EXITED : DaemonTurn.GOES_ON;
  }

  private DaemonTurn letGo() {
    closeWatchdog();
    if (shutdownRequested) {
      return DaemonTurn.EXITED;
    }
    become(CrmState.WAIT_FOR_QUORUM);
    return DaemonTurn.GOES_ON;
  }

  private DaemonTurn master(Instant now) {
    if (shutdownRequested) {
      closeWatchdog();
      say(HaEvent.info(Kind.LOCK_RELEASED, "name", "manager"));
      world.unlock(HaLock.MANAGER);
      return DaemonTurn.EXITED;
    }
    if (!viewIsFresh) {
      say(
          HaEvent.of(
              Level.NOTICE,
              Kind.ROUND_SKIPPED,
              "reason",
              "inconsistentClusterState",
              "daemon",
              "crm"));
      return DaemonTurn.GOES_ON;
    }
    try {
      manager.round(now);
    } catch (StoreUnavailable e) {
      say(HaEvent.of(Level.ERROR, Kind.STORE_ERROR, "during", "round"));
    } catch (IllegalStateException e) {
      say(HaEvent.of(Level.ERROR, Kind.INTERNAL_ERROR, "message", e.getMessage()));
    }
    followDisarming();
    return DaemonTurn.GOES_ON;
  }

  private void followDisarming() {
    if (manager.isFullyDisarmed() && !disarmed) {
      say(HaEvent.info(Kind.DISARM_WATCHDOG_RELEASED));
      closeWatchdog();
      disarmed = true;
    } else if (!manager.isFullyDisarmed() && disarmed) {
      say(HaEvent.info(Kind.REARM));
      disarmed = false;
    }
  }

  private void closeWatchdog() {
    if (holdsWatchdog) {
      world.closeWatchdog(HaDaemon.CRM);
      holdsWatchdog = false;
    }
  }

  private void tellState(String from, CrmState to) {
    say(HaEvent.info(Kind.DAEMON_STATE, "from", from, "to", to.word()));
  }

  private void say(HaEvent event) {
    world.emit(HaDaemon.CRM, event);
  }
}
