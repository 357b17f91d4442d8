package io.pveha.core.ha;

import io.pveha.core.ha.GuestAction.Progress;
import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.ha.HaEvent.Level;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A job under way. Between turns it waits for at most one action on the guest; a move of a running
 * guest that can't move live has two: stop, then move.
 */
final class RunningJob {

  private static final OptionalInt NOT_YET = OptionalInt.empty();

  private final LrmJob job;
  private final ServiceConfig config;
  private final HaEnvironment world;
  private GuestAction action;

  /**
   * Nothing happens before {@link #begin}.
   *
   * @param config of the service, or null when it is not configured
   */
  RunningJob(LrmJob job, ServiceConfig config, HaEnvironment world) {
    this.job = job;
    this.config = config;
    this.world = world;
  }

  LrmJob job() {
    return job;
  }

  /** Begins, and ends if nothing takes time: the exit code, or empty while it is under way. */
  OptionalInt begin() {
    switch (job.sid().type()) {
      case "vm", "ct", "fa":
        break;
      default:
        note("unknownType");
        return OptionalInt.of(ExitCode.UNKNOWN_TYPE);
    }
    if (config == null) {
      note("serviceNotConfigured");
      return OptionalInt.of(ExitCode.UNKNOWN_SERVICE);
    }
    if (job.state() == ServiceState.ERROR) {
      note("serviceInErrorState");
      return OptionalInt.of(ExitCode.SUCCESS);
    }
    if (!world.node().equals(config.node())) {
      note("serviceNotOnThisNode");
      return OptionalInt.of(ExitCode.WRONG_NODE);
    }
    return switch (job.state()) {
      case STARTED -> start();
      case REQUEST_STOP, STOPPED -> stop();
      case MIGRATE, RELOCATE, REQUEST_START_BALANCE -> move();
      case REQUEST_START, FENCE, RECOVERY, FREEZE, ERROR ->
          OptionalInt.of(ExitCode.UNKNOWN_COMMAND);
    };
  }

  /** Asks after what was begun. */
  OptionalInt goOn() {
    return after(world.progress(action));
  }

  private OptionalInt start() {
    if (world.isRunning(job.sid())) {
      return OptionalInt.of(ExitCode.SUCCESS);
    }
    info(Kind.STARTING);
    return isLocked("start") ? started() : act(GuestAction.Kind.START, false);
  }

  private OptionalInt stop() {
    if (!world.isRunning(job.sid())) {
      return OptionalInt.of(ExitCode.SUCCESS);
    }
    info(Kind.STOPPING, "timeout", job.timeout());
    return isLocked("stop") ? stopped() : act(GuestAction.Kind.STOP, false);
  }

  private OptionalInt move() {
    if (job.target() == null) {
      return OptionalInt.of(ExitCode.CRASHED);
    }
    boolean running = world.isRunning(job.sid());
    if (job.state() == ServiceState.REQUEST_START_BALANCE && running) {
      info(Kind.REBALANCE_IGNORED, "reason", "alreadyRunning");
      return OptionalInt.of(ExitCode.IGNORED);
    }
    if (!world.prepareMove(job.sid(), job.target())) {
      return notMoved();
    }
    boolean live = movesLive(running);
    info(live ? Kind.MIGRATE_BEGIN : Kind.RELOCATE_BEGIN, "target", job.target());
    if (isLocked(live ? "migrate" : "relocate")) {
      return notMoved();
    }
    if (running && !live) {
      info(Kind.STOPPING, "reason", "relocate");
      return act(GuestAction.Kind.STOP, true);
    }
    return act(live ? GuestAction.Kind.MOVE_LIVE : GuestAction.Kind.MOVE_OFFLINE, false);
  }

  private boolean movesLive(boolean running) {
    if (job.state() != ServiceState.MIGRATE) {
      return false;
    }
    if (running && job.sid().type().equals("ct")) {
      world.emit(
          HaDaemon.LRM,
          HaEvent.of(
              Level.WARNING, Kind.NOTE, "keyword", "movedOffline", "sid", job.sid().value()));
      return false;
    }
    return true;
  }

  private OptionalInt act(GuestAction.Kind kind, boolean forMove) {
    String id = (job.uid() == null ? "stop" : job.uid()) + "/" + kind;
    String target =
        kind == GuestAction.Kind.MOVE_LIVE || kind == GuestAction.Kind.MOVE_OFFLINE
            ? job.target()
            : null;
    action = new GuestAction(id, kind, job.sid(), target, job.timeout(), forMove);
    return after(world.begin(action));
  }

  private OptionalInt after(Progress progress) {
    if (progress == Progress.UNDER_WAY) {
      return NOT_YET;
    }
    return switch (action.kind()) {
      case START -> started();
      case STOP -> action.forMove() ? stoppedForMove(progress) : stopped();
      case MOVE_LIVE, MOVE_OFFLINE -> moved(progress);
    };
  }

  private OptionalInt started() {
    if (world.isRunning(job.sid())) {
      info(Kind.STARTED);
      return OptionalInt.of(ExitCode.SUCCESS);
    }
    say(Level.WARNING, Kind.START_FAILED);
    return OptionalInt.of(ExitCode.ERROR);
  }

  private OptionalInt stopped() {
    if (!world.isRunning(job.sid())) {
      info(Kind.STOPPED);
      return OptionalInt.of(ExitCode.SUCCESS);
    }
    info(Kind.STOP_FAILED, "reason", "stillRunning");
    return OptionalInt.of(ExitCode.ERROR);
  }

  private OptionalInt stoppedForMove(Progress progress) {
    if (progress == Progress.FAILED) {
      info(Kind.STOP_FAILED, "reason", "stillRunning");
      return notMoved();
    }
    info(Kind.STOPPED);
    return act(GuestAction.Kind.MOVE_OFFLINE, false);
  }

  private OptionalInt moved(Progress progress) {
    if (progress == Progress.FAILED) {
      return notMoved();
    }
    boolean live = action.kind() == GuestAction.Kind.MOVE_LIVE;
    info(live ? Kind.MIGRATE_END : Kind.RELOCATE_END, "target", job.target());
    return OptionalInt.of(ExitCode.SUCCESS);
  }

  private OptionalInt notMoved() {
    say(Level.ERROR, Kind.MOVE_FAILED, "reason", "notMoved");
    return OptionalInt.of(ExitCode.ERROR);
  }

  private boolean isLocked(String wanted) {
    Optional<String> lock = world.guestLock(job.sid());
    lock.ifPresent(kind -> say(Level.ERROR, Kind.SERVICE_LOCKED, "lock", kind, "action", wanted));
    return lock.isPresent();
  }

  private void note(String keyword) {
    world.emit(
        HaDaemon.LRM,
        HaEvent.of(Level.ERROR, Kind.NOTE, "keyword", keyword, "sid", job.sid().value()));
  }

  private void info(Kind kind, Object... pairs) {
    say(Level.INFO, kind, pairs);
  }

  private void say(Level level, Kind kind, Object... pairs) {
    Object[] named = new Object[pairs.length + 2];
    named[0] = "sid";
    named[1] = job.sid().value();
    System.arraycopy(pairs, 0, named, 2, pairs.length);
    world.emit(HaDaemon.LRM, HaEvent.of(level, kind, named));
  }
}
