package io.pveha.core.placement;

import io.pveha.core.placement.NodeSelection.Answer;
import io.pveha.core.placement.NodeSelection.Question;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * What would become of services if nodes died now: each is recovered in the manager's order, seeing
 * where the ones before it went. Says nothing about quorum, which must be asked first.
 *
 * @param services started services with their nodes
 * @param online nodes that take services now
 * @param rules compiled for all nodes of the cluster
 * @param eligible what rules can't say: whether a service could run on a node at all, because of a
 *     replica or a storage for instance
 */
public record NodeLoss(
    SortedMap<ServiceId, String> services,
    Set<String> online,
    CompiledRules rules,
    SchedulerMode mode,
    LoadFigures figures,
    BiPredicate<ServiceId, String> eligible) {

  /**
   * One service of a lost node.
   *
   * @param from the node it ran on
   * @param answer the node it goes to, or none, and what speaks against the others
   */
  public record Recovery(ServiceId sid, String from, Answer answer) {

    /** No node can take it. */
    public boolean isStranded() {
      return answer.node() == null;
    }
  }

  /** A loss in which every service could run on every node. */
  public static NodeLoss of(
      SortedMap<ServiceId, String> services,
      Set<String> online,
      CompiledRules rules,
      SchedulerMode mode,
      LoadFigures figures) {
    return new NodeLoss(services, online, rules, mode, figures, (sid, node) -> true);
  }

  /** The services of the lost nodes, in order of their ids. */
  public List<Recovery> of(Collection<String> lost) {
    Set<String> left = new TreeSet<>(online);
    left.removeAll(lost);
    ClusterUsage usage = new ClusterUsage(mode, left, figures);
    List<Recovery> recoveries = new ArrayList<>();
    services.forEach((sid, node) -> usage.place(sid, ServicePlace.on(node)));
    for (Map.Entry<ServiceId, String> entry : services.entrySet()) {
      if (lost.contains(entry.getValue())) {
        recoveries.add(recover(entry.getKey(), entry.getValue(), usage));
      }
    }
    return recoveries;
  }

  private Recovery recover(ServiceId sid, String from, ClusterUsage usage) {
    Question question = Question.recovery(sid, from, node -> eligible.test(sid, node));
    Answer answer = NodeSelection.explain(question, usage, rules);
    if (answer.node() != null) {
      usage.place(sid, new ServicePlace(answer.node(), null, false));
    }
    return new Recovery(sid, from, answer);
  }

  /** The loss of each single online node. */
  public SortedMap<String, List<Recovery>> ofEach() {
    SortedMap<String, List<Recovery>> matrix = new TreeMap<>();
    online.forEach(node -> matrix.put(node, of(List.of(node))));
    return matrix;
  }
}
