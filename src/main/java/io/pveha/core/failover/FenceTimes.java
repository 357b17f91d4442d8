package io.pveha.core.failover;

import io.pveha.core.ha.HaTimings;
import java.time.Duration;
import java.util.Optional;

/**
 * When what happens after a node was cut off, as expected; measured on real clusters the times lie
 * within 10 s.
 *
 * <ul>
 *   <li>The membership changes after 7 s; the manager notices in its next round.
 *   <li>The node's watchdog resets it.
 *   <li>The manager proves the node dead by taking its lock, which it can once the lock's life is
 *       over, and the manager asks once a round.
 *   <li>If the manager itself was there, its own lock must end first, half a round less than its
 *       life after the cut since it was renewed before; the new manager then waits the whole fence
 *       delay. By that time the node's lock has ended too.
 *   <li>The agent of the other node starts the guest in its next round.
 * </ul>
 *
 * @param newMaster when another node has become manager; empty when the old one lives
 * @param noticed when the node is declared unknown
 * @param reset when its watchdog resets it
 * @param fenced when it is proved dead and its guests get other nodes
 * @param firstStart when other nodes begin to start them
 */
public record FenceTimes(
    Optional<Duration> newMaster,
    Duration noticed,
    Duration reset,
    Duration fenced,
    Duration firstStart) {

  /** How often manager and agents look. */
  static final Duration ROUND = Duration.ofSeconds(10);

  private static final Duration HALF_ROUND = ROUND.dividedBy(2);

  /** When the other nodes know that the votes of a node are missing. */
  public static final Duration MEMBERSHIP = Duration.ofSeconds(7);

  public static FenceTimes of(HaTimings timings, boolean masterLost) {
    Duration reset = timings.watchdogLife().plus(HALF_ROUND);
    if (masterLost) {
      Duration master = timings.lockLife().minus(HALF_ROUND);
      Duration fenced = master.plus(timings.fenceDelay());
      return new FenceTimes(Optional.of(master), master, reset, fenced, fenced.plus(HALF_ROUND));
    }
    Duration fenced = timings.lockLife().plus(ROUND);
    return new FenceTimes(
        Optional.empty(), MEMBERSHIP.plus(HALF_ROUND), reset, fenced, fenced.plus(HALF_ROUND));
  }
}
