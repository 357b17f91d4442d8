package io.pveha.core.move;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.move.MoveStep.ReplicateNow;
import io.pveha.core.move.MoveView.Guest;
import io.pveha.core.move.MoveView.Replica;
import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Replicates the guests of a node at once that is cordoned for its health, so that little is lost
 * if it dies. Each job is asked once: not later than so soon after the node was cordoned, and not
 * while a run goes on or is due anyway.
 */
public final class CordonPlanner {

  /** Shorter than a step that succeeded is taken for done, so that none is taken twice. */
  private static final Duration AT_ONCE = Duration.ofSeconds(90);

  private CordonPlanner() {}

  /**
   * Plans.
   *
   * @param cordoned since when, by node
   */
  public static Plan<MoveStep> plan(
      MoveView view, Map<NodeName, Instant> cordoned, Memory memory, Instant now) {
    Gate<MoveStep> gate = new Gate<>(memory, view.at(), now);
    if (view.obstacle().isEmpty()) {
      view.guests().stream()
          .sorted(Guest.ORDER)
          .filter(guest -> isAtOnce(cordoned.get(guest.node()), now))
          .filter(guest -> isOnline(view, guest.node()))
          .forEach(
              guest ->
                  guest.replicas().forEach((to, replica) -> want(gate, view, guest, to, replica)));
    }
    return gate.plan();
  }

  private static void want(
      Gate<MoveStep> gate, MoveView view, Guest guest, NodeName to, Replica replica) {
    ReplicateNow step =
        new ReplicateNow(
            replica.job(),
            guest.id(),
            guest.node(),
            "since %s is cordoned".formatted(guest.node()));
    boolean runsAnyway = replica.running() || replica.lastTry().isEmpty();
    if (replica.disabled() || !isOnline(view, to)) {
      return;
    }
    if (!runsAnyway) {
      gate.want(step);
    } else if (gate.isAwaited(step.key())) {
      gate.keep(step.key(), step.sentence());
    }
  }

  private static boolean isAtOnce(Instant since, Instant now) {
    return since != null && now.isBefore(since.plus(AT_ONCE));
  }

  private static boolean isOnline(MoveView view, NodeName node) {
    return view.node(node).filter(known -> known.online().isYes()).isPresent();
  }
}
