package io.pveha.rehearsal;

import io.pveha.core.ha.DaemonTurn;
import io.pveha.core.ha.HaDaemon;
import io.pveha.core.ha.HaEvent;
import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.ha.HaTimings;
import java.util.List;

/**
 * Plays a scenario: rounds in which every daemon has a turn of one second, a batch of commands
 * every five rounds, and an end when nothing was commanded for a while. The same scenario always
 * gives the same events.
 */
public final class Rehearsal {

  private static final int ROUNDS_PER_BATCH = 5;
  private static final long QUIET_AT_THE_END = 500;

  private final Scenario scenario;
  private final HaTimings timings;
  private final SimulatedCluster cluster;
  private final RoundSchedule schedule;
  private int nextBatch;
  private long lastCommand;

  private Rehearsal(Scenario scenario, HaTimings timings) {
    this.scenario = scenario;
    this.timings = timings;
    this.cluster = new SimulatedCluster(scenario, timings);
    this.schedule = cluster.schedule();
  }

  /**
   * Plays to the end.
   *
   * @throws IllegalStateException if it does not come to one
   */
  public static List<RehearsedEvent> play(Scenario scenario) {
    return play(scenario, HaTimings.rehearsal());
  }

  /** Plays with other constants. */
  public static List<RehearsedEvent> play(Scenario scenario, HaTimings timings) {
    Rehearsal rehearsal = new Rehearsal(scenario, timings);
    rehearsal.run();
    return List.copyOf(rehearsal.cluster.events());
  }

  private void run() {
    hardware(HaEvent.info(Kind.SIM_START));
    int pauses = 0;
    while (true) {
      playRound();
      if (schedule.isDelayed()) {
        continue;
      }
      if (pauses % ROUNDS_PER_BATCH == 0 && !playBatch()) {
        hardware(HaEvent.info(Kind.SIM_END));
        return;
      }
      pauses++;
    }
  }

  private void playRound() {
    long began = schedule.time();
    boolean first = true;
    for (SimulatedNode node : cluster.nodes()) {
      turn(node, HaDaemon.CRM, first);
      turn(node, HaDaemon.LRM, first);
      bite();
      first = false;
    }
    schedule.endRound(began);
    cluster.nodes().forEach(node -> node.setClocks(schedule.time()));
  }

  /** Plays the next batch; false when there is none and the end has come. */
  private boolean playBatch() {
    if (nextBatch == scenario.commands().size()) {
      return schedule.time() - lastCommand <= QUIET_AT_THE_END;
    }
    for (Operation op : scenario.commands().get(nextBatch)) {
      cluster.carryOut(op, "cmdlist");
      lastCommand = schedule.time();
    }
    nextBatch++;
    return true;
  }

  private void turn(SimulatedNode node, HaDaemon daemon, boolean first) {
    if (schedule.skips(daemon)) {
      if (first) {
        cluster.emit(
            schedule.time(),
            "run-loop",
            HaEvent.info(Kind.ROUND_SKIPPED, "daemon", daemon.word(), "reason", "scripted"));
      }
      return;
    }
    boolean isThere = daemon == HaDaemon.CRM ? node.crm != null : node.lrm != null;
    if (!isThere) {
      return;
    }
    node.clock.put(daemon, schedule.time());
    DaemonTurn turn =
        daemon == HaDaemon.CRM ? node.crm.iterate(cluster.now()) : node.lrm.iterate(cluster.now());
    long end = schedule.time() + 1;
    node.clock.put(daemon, end);
    schedule.advanceTo(end);
    if (turn == DaemonTurn.EXITED) {
      cluster.emit(end, node.actor(daemon), HaEvent.info(Kind.DAEMON_EXIT));
      if (daemon == HaDaemon.CRM) {
        crmEnded(node);
      } else {
        lrmEnded(node);
      }
    }
  }

  private void lrmEnded(SimulatedNode node) {
    node.lrm = null;
    if (node.restartLrm) {
      node.restartLrm = false;
      cluster.createLrm(node);
    } else if (node.mark != SimulatedNode.Mark.NONE) {
      cluster.carryOut(Operation.of(Operation.Kind.CRM_STOP, "node", node.name), node.mark.actor());
    }
  }

  private void crmEnded(SimulatedNode node) {
    node.crm = null;
    SimulatedNode.Mark mark = node.mark;
    switch (mark) {
      case NONE -> {}
      case SHUTDOWN -> cluster.carryOut(Operation.power(node.name, false), mark.actor());
      case REBOOT -> {
        cluster.carryOut(Operation.power(node.name, false), mark.actor());
        cluster.carryOut(Operation.power(node.name, true), mark.actor());
      }
    }
  }

  /** Resets every node of which a watchdog was not renewed in time. */
  private void bite() {
    for (SimulatedNode node : cluster.nodes()) {
      if (node.hasExpiredWatchdog(schedule.time(), timings.watchdogLife())) {
        cluster.carryOut(Operation.power(node.name, false), "watchdog");
        hardware(HaEvent.info(Kind.POWER_OFF, "node", node.name, "by", "watchdog"));
      }
    }
  }

  private void hardware(HaEvent event) {
    cluster.emit(schedule.time(), "hardware", event);
  }
}
