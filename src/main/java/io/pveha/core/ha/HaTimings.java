package io.pveha.core.ha;

import java.time.Duration;

/**
 * The constants of Proxmox's HA stack. Another stack (a fence agent in place of the watchdog) may
 * choose others.
 *
 * @param lockLife a lock not renewed for longer than this may be taken by anybody
 * @param fenceDelay how long a node must be away before its services are fenced
 * @param watchdogLife a watchdog not renewed for longer than this resets its node
 * @param goneAfter how long a node that left the cluster is remembered
 * @param lostLockExit how long an LRM being restarted waits for its lock before it ends anyway
 * @param managerIdleRounds rounds without services after which the master steps down
 * @param agentIdleRounds rounds without services after which an LRM gives its lock back
 * @param groupMigrationFirst round of a new master that first tries to turn groups into rules
 * @param groupMigrationAgain rounds between later tries
 * @param maxWorkers jobs an LRM runs at a time; 0 means all that are queued
 * @param spreadOfImbalance whether imbalance is divided by its maximum, as newer Proxmox releases
 *     do
 */
public record HaTimings(
    Duration lockLife,
    Duration fenceDelay,
    Duration watchdogLife,
    Duration goneAfter,
    Duration lostLockExit,
    int managerIdleRounds,
    int agentIdleRounds,
    int groupMigrationFirst,
    int groupMigrationAgain,
    int maxWorkers,
    boolean spreadOfImbalance) {

  /** As a real Proxmox VE cluster has them. */
  public static HaTimings proxmox() {
    return new HaTimings(
        Duration.ofSeconds(120),
        Duration.ofSeconds(60),
        Duration.ofSeconds(60),
        Duration.ofHours(1),
        Duration.ofSeconds(90),
        90,
        60,
        3,
        6,
        4,
        false);
  }

  /** The same, but every queued job runs in the iteration that queued it. */
  public static HaTimings rehearsal() {
    return proxmox().withMaxWorkers(0);
  }

  public HaTimings withMaxWorkers(int workers) {
    return new HaTimings(
        lockLife,
        fenceDelay,
        watchdogLife,
        goneAfter,
        lostLockExit,
        managerIdleRounds,
        agentIdleRounds,
        groupMigrationFirst,
        groupMigrationAgain,
        workers,
        spreadOfImbalance);
  }
}
