package io.pveha.core.health;

import io.pveha.api.v1alpha1.HealthAction;
import io.pveha.api.v1alpha1.HealthGuard;
import io.pveha.core.cluster.NodeName;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What was decided about nodes; kept in status, so that a new operator carries it on.
 *
 * @param quietUntil nothing is done before, since many nodes failed at once
 * @param treatments at most one per node
 * @param held what guards hold back
 */
public record HealthMemory(
    Optional<Instant> quietUntil, List<Treatment> treatments, List<Held> held) {

  public static final HealthMemory EMPTY = new HealthMemory(Optional.empty(), List.of(), List.of());

  public HealthMemory {
    treatments = treatments.stream().sorted(Comparator.comparing(Treatment::node)).toList();
    held =
        held.stream()
            .sorted(
                Comparator.comparing(Held::node)
                    .thenComparing(Held::action)
                    .thenComparing(Held::cause))
            .toList();
  }

  Optional<Treatment> treatment(NodeName node) {
    return treatments.stream().filter(treatment -> treatment.node().equals(node)).findFirst();
  }

  /**
   * What is done about a node.
   *
   * @param action REPORT once the node is used again: it is remembered for a while
   * @param cause type of the condition that a rule speaks of
   * @param since when this began
   * @param healthySince since when no rule asks for it; empty while one does, or while that is
   *     unknown
   */
  public record Treatment(
      NodeName node,
      HealthAction action,
      String cause,
      Instant since,
      Optional<Instant> healthySince,
      String message) {

    public boolean isActive() {
      return action.isGuarded();
    }
  }

  /** An action that a guard holds back. */
  public record Held(
      NodeName node, HealthAction action, String cause, HealthGuard guard, String message) {}
}
