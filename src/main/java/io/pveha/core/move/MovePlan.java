package io.pveha.core.move;

import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Plan;
import java.util.List;

/**
 * What is decided about moves.
 *
 * @param memory to be saved before the steps are taken
 * @param staying guests that are still on nodes that are to be emptied
 */
public record MovePlan(MoveMemory memory, Plan<MoveStep> plan, List<Staying> staying) {

  public MovePlan {
    staying = List.copyOf(staying);
  }

  /**
   * A guest on a node that is to be emptied.
   *
   * @param underWay whether it is on its way; else it can't leave
   * @param why in words
   */
  public record Staying(GuestId guest, NodeName node, boolean underWay, String why) {}
}
