package io.pveha.core.ha;

import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.ha.HaEvent.Level;
import io.pveha.core.ha.LrmStatus.LrmMode;
import io.pveha.core.ha.LrmStatus.LrmState;
import java.time.Duration;
import java.time.Instant;

/**
 * The local resource manager of one node: does on its node what the manager wrote down, and
 * reports.
 *
 * <p>A turn reads what the manager wrote, finds the state to be in (see {@code docs/ha-model.md}
 * for the diagram), does the work of that state and writes its status. Not thread-safe.
 */
public final class LrmDaemon {

  private final HaEnvironment world;
  private final HaTimings timings;
  private final FirstWrite firstWrite;
  private final LrmJobs jobs;
  private final AgentLock lock;
  private LrmState state;
  private LrmMode mode = LrmMode.ACTIVE;
  private ManagerStatus manager = ManagerStatus.EMPTY;
  private Instant inStateSince;
  private boolean viewIsFresh;
  private boolean shutdownRequested;
  private int idleRounds;

  /** Starts the daemon; it tells {@code startup -> wait_for_agent_lock} at once. */
  public LrmDaemon(HaEnvironment world, HaTimings timings) {
    this(world, timings, new FirstWrite());
  }

  /** Starts the daemon with the first write of others, in a world where they share it. */
  public LrmDaemon(HaEnvironment world, HaTimings timings, FirstWrite firstWrite) {
    this.world = world;
    this.timings = timings;
    this.firstWrite = firstWrite;
    this.jobs = new LrmJobs(world, timings.maxWorkers());
    this.lock = new AgentLock(world);
    this.state = LrmState.WAIT_FOR_AGENT_LOCK;
    tellState("startup", state);
  }

  public LrmState state() {
    return state;
  }

  public LrmMode mode() {
    return mode;
  }

  /** Whether jobs are under way, so that an earlier turn would bring results earlier. */
  public boolean hasRunningJobs() {
    return jobs.hasRunning();
  }

  /** Asks the daemon to end; repeated requests are ignored. */
  public void requestShutdown(ShutdownKind kind, Instant now) {
    if (shutdownRequested) {
      return;
    }
    shutdownRequested = true;
    ShutdownPlan plan;
    if (kind == ShutdownKind.RESTART) {
      say(HaEvent.info(Kind.SHUTDOWN_REQUEST));
      plan = ShutdownPlan.forRestart(mode);
    } else {
      ShutdownPolicy policy = readPolicy();
      say(HaEvent.info(Kind.SHUTDOWN_REQUEST, "policy", policy.word()));
      if (policy != ShutdownPolicy.MIGRATE) {
        jobs.queueStops();
      }
      plan = ShutdownPlan.forNode(mode, policy, kind);
    }
    say(HaEvent.info(Kind.SHUTDOWN_PLAN, "action", kind.word(), "plan", plan.word()));
    mode = plan.mode();
    writeStatus(now);
  }

  private ShutdownPolicy readPolicy() {
    String word;
    try {
      word = world.datacenter().shutdownPolicy();
    } catch (StoreUnavailable e) {
      say(HaEvent.of(Level.ERROR, Kind.STORE_ERROR, "during", "readDatacenterOptions"));
      return ShutdownPolicy.CONDITIONAL;
    }
    return ShutdownPolicy.ofWord(word)
        .orElseGet(
            () -> {
              say(
                  HaEvent.of(
                      Level.ERROR, Kind.NOTE, "keyword", "unknownShutdownPolicy", "policy", word));
              return ShutdownPolicy.CONDITIONAL;
            });
  }

  /** One turn, to be had about every 10 s, every 5 s while it waits for its lock. */
  public DaemonTurn iterate(Instant now) {
    if (!firstWrite.isDone()) {
      if (!writeStatus(now)) {
        return DaemonTurn.GOES_ON;
      }
      firstWrite.done();
    }
    if (inStateSince == null) {
      inStateSince = now;
    }
    viewIsFresh = world.refreshView();
    refresh();
    followManager();
    transition(now);
    return switch (state) {
      case WAIT_FOR_AGENT_LOCK -> waiting(now);
      case ACTIVE -> active(now);
      case LOST_AGENT_LOCK -> lost(now);
      case MAINTENANCE -> maintenance(now);
    };
  }

  private boolean refresh() {
    try {
      manager = world.managerStatus();
      jobs.know(manager.services());
      return true;
    } catch (StoreUnavailable e) {
      say(HaEvent.of(Level.ERROR, Kind.STORE_ERROR, "during", "readManagerStatus"));
      return false;
    }
  }

  private void followManager() {
    if (shutdownRequested) {
      return;
    }
    if (manager.maintenanceRequests().contains(world.node())) {
      mode = LrmMode.MAINTENANCE;
    } else if (manager.disarm() != null) {
      mode = LrmMode.DISARM;
    } else if (mode == LrmMode.MAINTENANCE || mode == LrmMode.DISARM) {
      mode = LrmMode.ACTIVE;
    }
  }

  // Transitions

  private void transition(Instant now) {
    switch (state) {
      case WAIT_FOR_AGENT_LOCK -> {
        if (mode != LrmMode.DISARM
            && !isToBeFenced()
            && activeServices() > 0
            && world.isQuorate()
            && lock.isGranted()) {
          become(LrmState.ACTIVE, now);
        }
      }
      case LOST_AGENT_LOCK -> {
        if (!isToBeFenced() && world.isQuorate() && lock.isGranted()) {
          become(LrmState.ACTIVE, now);
        }
      }
      case ACTIVE -> fromActive(now);
      case MAINTENANCE -> fromMaintenance(now);
    }
  }

  private void fromActive(Instant now) {
    if (mustLetGo()) {
      become(LrmState.LOST_AGENT_LOCK, now);
    } else if (mode == LrmMode.MAINTENANCE) {
      become(LrmState.MAINTENANCE, now);
    } else if (mode == LrmMode.DISARM && isDoneAfterRunning()) {
      say(HaEvent.info(Kind.DISARM_LRM, "maintenance", false));
      goIdle(now);
    } else if (hasNothingHere()) {
      idleRounds++;
      if (idleRounds > timings.agentIdleRounds()) {
        say(HaEvent.info(Kind.GOING_IDLE, "rounds", timings.agentIdleRounds(), "scope", "node"));
        idleRounds = 0;
        goIdle(now);
      }
    } else {
      idleRounds = 0;
    }
  }

  private void fromMaintenance(Instant now) {
    boolean busy = activeServices() > 0 || !jobs.isEmpty();
    if (isToBeFenced()) {
      tellSelfFence();
      become(LrmState.LOST_AGENT_LOCK, now);
    } else if (mode == LrmMode.DISARM && !busy) {
      say(HaEvent.info(Kind.DISARM_LRM, "maintenance", true));
      goIdle(now);
    } else if (busy) {
      if (!lock.isGranted()) {
        become(LrmState.LOST_AGENT_LOCK, now);
      }
    } else if (mode != LrmMode.MAINTENANCE) {
      become(lock.isGranted() ? LrmState.ACTIVE : LrmState.LOST_AGENT_LOCK, now);
    }
  }

  private boolean mustLetGo() {
    if (isToBeFenced()) {
      tellSelfFence();
      return true;
    }
    return !lock.isGranted();
  }

  private boolean isDoneAfterRunning() {
    try {
      jobs.run();
    } catch (StoreUnavailable e) {
      say(HaEvent.of(Level.ERROR, Kind.STORE_ERROR, "during", "runJobs"));
    }
    return jobs.isEmpty();
  }

  private boolean hasNothingHere() {
    return jobs.isEmpty()
        && manager.services().values().stream()
            .noneMatch(record -> world.node().equals(record.node()));
  }

  private boolean isToBeFenced() {
    return manager.nodeState(world.node()) == NodeState.FENCE
        || manager.hasServiceInFence(world.node());
  }

  private void tellSelfFence() {
    say(HaEvent.of(Level.ERROR, Kind.SELF_FENCE));
  }

  private int activeServices() {
    return ActiveServices.count(manager.services(), world.node());
  }

  private void goIdle(Instant now) {
    lock.letGo();
    become(LrmState.WAIT_FOR_AGENT_LOCK, now);
  }

  private void become(LrmState next, Instant now) {
    String old = state.word();
    state = next;
    inStateSince = now;
    tellState(old, next);
  }

  // Work

  private DaemonTurn waiting(Instant now) {
    if (shutdownRequested) {
      return DaemonTurn.EXITED;
    }
    writeStatus(now);
    return DaemonTurn.GOES_ON;
  }

  private DaemonTurn active(Instant now) {
    DaemonTurn turn = DaemonTurn.GOES_ON;
    if (refresh()) {
      try {
        turn = shutdownRequested ? shutDown() : work();
      } catch (StoreUnavailable e) {
        say(HaEvent.of(Level.ERROR, Kind.STORE_ERROR, "during", "runJobs"));
      }
    }
    writeStatus(now);
    return turn;
  }

  private DaemonTurn work() {
    if (viewIsFresh) {
      jobs.queue();
      jobs.run();
    } else {
      say(
          HaEvent.of(
              Level.NOTICE,
              Kind.ROUND_SKIPPED,
              "reason",
              "inconsistentClusterState",
              "daemon",
              "lrm"));
    }
    return DaemonTurn.GOES_ON;
  }

  private DaemonTurn shutDown() {
    jobs.run();
    if (!jobs.isEmpty()) {
      return DaemonTurn.GOES_ON;
    }
    if (mode == LrmMode.RESTART) {
      if (activeServices() > 0) {
        return DaemonTurn.GOES_ON;
      }
      lock.letGo();
    } else if (!jobs.hasStopFailed()) {
      lock.letGo();
    }
    return DaemonTurn.EXITED;
  }

  private DaemonTurn lost(Instant now) {
    if (!shutdownRequested) {
      return DaemonTurn.GOES_ON;
    }
    int services = activeServices();
    if (services > 0) {
      say(
          HaEvent.of(
              Level.ERROR,
              Kind.SHUTDOWN_REQUEST,
              "state",
              state.word(),
              "runningServices",
              services));
      boolean tooLong = Duration.between(inStateSince, now).compareTo(timings.lostLockExit()) > 0;
      return mode == LrmMode.RESTART && tooLong ? DaemonTurn.EXITED : DaemonTurn.GOES_ON;
    }
    lock.closeWatchdog();
    return DaemonTurn.EXITED;
  }

  private DaemonTurn maintenance(Instant now) {
    DaemonTurn turn = DaemonTurn.GOES_ON;
    if (refresh()) {
      try {
        turn = giveServicesAway();
      } catch (StoreUnavailable e) {
        say(HaEvent.of(Level.ERROR, Kind.STORE_ERROR, "during", "runJobs"));
      }
    }
    writeStatus(now);
    return turn;
  }

  private DaemonTurn giveServicesAway() {
    if (activeServices() == 0 && jobs.isEmpty()) {
      lock.letGo();
      if (shutdownRequested) {
        return DaemonTurn.EXITED;
      }
    }
    jobs.queue();
    jobs.run();
    return DaemonTurn.GOES_ON;
  }

  private boolean writeStatus(Instant now) {
    if (!world.isQuorate()) {
      return false;
    }
    try {
      world.writeLrmStatus(new LrmStatus(state, mode, jobs.results(), now));
      return true;
    } catch (StoreUnavailable e) {
      say(HaEvent.of(Level.ERROR, Kind.STORE_ERROR, "during", "writeLrmStatus"));
      return false;
    }
  }

  private void tellState(String from, LrmState to) {
    say(HaEvent.info(Kind.DAEMON_STATE, "from", from, "to", to.word()));
  }

  private void say(HaEvent event) {
    world.emit(HaDaemon.LRM, event);
  }
}
