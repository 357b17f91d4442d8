package io.pveha.core.safety;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What members that hold the quorum and answer at present list as the nodes of their cluster.
 * Nothing is written on the word of a minority or of a single member, nor while they differ.
 *
 * @param members how many members the cluster has
 * @param listed the nodes that each of them lists, by its name
 */
public record QuorumViews(int members, SortedMap<NodeName, Set<NodeName>> listed) {

  public QuorumViews {
    listed = Collections.unmodifiableSortedMap(new TreeMap<>(listed));
  }

  /** Two views are wanted before a loss is believed or anything is written, or all there can be. */
  public static int wanted(int members) {
    return Math.min(2, Math.max(1, members - 1));
  }

  /** Why nothing may be written on their word; empty when it may. */
  public Optional<Finding> doubt() {
    if (listed.isEmpty()) {
      return doubt("No quorate member answers, so nothing is written.");
    }
    NodeName first = listed.firstKey();
    if (listed.size() < wanted(members)) {
      return doubt(
          ("Of %d members only %s answers as one that holds the quorum, and nothing is "
                  + "written on the word of one; check the API of the others.")
              .formatted(members, first));
    }
    // Members list the same nodes, but for moments.
    return listed.entrySet().stream()
        .filter(other -> !Set.copyOf(other.getValue()).equals(Set.copyOf(listed.get(first))))
        .findFirst()
        .flatMap(other -> contradiction(first, other));
  }

  private Optional<Finding> contradiction(
      NodeName first, Map.Entry<NodeName, Set<NodeName>> other) {
    return doubt(
        "%s lists %s as nodes of the cluster and %s lists %s; nothing is written until they agree. If that lasts, compare pvecm nodes on both."
            .formatted(first, joined(listed.get(first)), other.getKey(), joined(other.getValue())));
  }

  private static Optional<Finding> doubt(String message) {
    return Optional.of(Finding.delays(ConditionReason.TOO_FEW_VIEWS, message));
  }

  private static String joined(Collection<NodeName> nodes) {
    return new TreeSet<>(nodes).stream().map(NodeName::value).collect(Collectors.joining(", "));
  }
}
