package io.pveha.core.placement;

import io.pveha.core.placement.LoadFigures.Load;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The one move that would even out the load best. Services that must be kept together move
 * together, headed by the one with the lowest id.
 *
 * @param imbalance what is left of it after the move
 */
public record BalancingMove(ServiceId sid, String source, String target, double imbalance) {

  /** Services move only while nothing else does, so this is a warning, not an answer. */
  public static final class NotPlaced extends Exception {

    private static final long serialVersionUID = 1L;

    NotPlaced(ServiceId sid) {
      super("service '" + sid + "' has no settled place");
    }
  }

  private record Candidate(BalancingMove move, double[] criteria) {}

  /**
   * The move after which imbalance is least; ties by service, source, target.
   *
   * @param started services that are started, with their node
   * @throws NotPlaced when one of them is moving or can't be counted
   */
  public static Optional<BalancingMove> leastImbalance(
      SortedMap<ServiceId, String> started, ClusterUsage usage, CompiledRules rules, boolean spread)
      throws NotPlaced {
    return candidates(started, usage, rules, spread).stream()
        .map(Candidate::move)
        .min(
            Comparator.comparingDouble(BalancingMove::imbalance)
                .thenComparing(BalancingMove::sid)
                .thenComparing(BalancingMove::source)
                .thenComparing(BalancingMove::target));
  }

  /**
   * The move nearest to the ideal of {@link Topsis}; of equal ones the first by service, target.
   */
  public static Optional<BalancingMove> nearestToIdeal(
      SortedMap<ServiceId, String> started, ClusterUsage usage, CompiledRules rules, boolean spread)
      throws NotPlaced {
    List<Candidate> candidates = candidates(started, usage, rules, spread);
    double[] quality =
        Topsis.quality(candidates.stream().map(Candidate::criteria).toArray(double[][]::new));
    Optional<BalancingMove> best = Optional.empty();
    double greatest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < quality.length; i++) {
      if (quality[i] > greatest) {
        greatest = quality[i];
        best = Optional.of(candidates.get(i).move());
      }
    }
    return best;
  }

  private static List<Candidate> candidates(
      SortedMap<ServiceId, String> started, ClusterUsage usage, CompiledRules rules, boolean spread)
      throws NotPlaced {
    NodeLoads loads = usage.balanceLoads();
    List<Candidate> candidates = new ArrayList<>();
    for (ServiceId head : started.keySet()) {
      SortedSet<ServiceId> convoy = convoy(head, started, rules);
      if (convoy.isEmpty() || !convoy.first().equals(head)) {
        continue;
      }
      String source = started.get(head);
      Load load = load(convoy, usage);
      if (usage.index(source) < 0) {
        throw new NotPlaced(head);
      }
      Set<String> avoid = NodeSelection.nodesToAvoid(head, usage, rules);
      for (String target : rules.preferred(head, rules.allowed(head, usage.nodes()))) {
        if (avoid.contains(target) || target.equals(source)) {
          continue;
        }
        NodeLoads after = loads.copy();
        after.move(usage.index(source), usage.index(target), load);
        double imbalance = truncate(after.imbalance(spread));
        candidates.add(
            new Candidate(new BalancingMove(head, source, target, imbalance), after.criteria()));
      }
    }
    return candidates;
  }

  /**
   * Who moves along with a service; nobody, not even itself, when they are not all in one place.
   */
  private static SortedSet<ServiceId> convoy(
      ServiceId sid, SortedMap<ServiceId, String> started, CompiledRules rules) {
    SortedSet<ServiceId> convoy = new TreeSet<>(rules.positivePartners(sid));
    convoy.retainAll(started.keySet());
    convoy.add(sid);
    String node = started.get(sid);
    boolean inOnePlace = convoy.stream().allMatch(member -> started.get(member).equals(node));
    return inOnePlace ? convoy : new TreeSet<>();
  }

  private static Load load(SortedSet<ServiceId> convoy, ClusterUsage usage) throws NotPlaced {
    double cpu = 0;
    double memory = 0;
    for (ServiceId member : convoy) {
      ServicePlace place = usage.placeOf(member);
      if (usage.lacksFigures(member) || place.current() == null || place.isMoving()) {
        throw new NotPlaced(member);
      }
      Load load = usage.movableLoad(member);
      cpu += load.cpu();
      memory += load.memory();
    }
    return new Load(cpu, memory);
  }

  /** To 15 decimals, so that moves that differ only by rounding tie. */
  private static double truncate(double imbalance) {
    return Math.floor(imbalance * 1e15) / 1e15;
  }
}
