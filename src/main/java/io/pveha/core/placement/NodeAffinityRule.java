package io.pveha.core.placement;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Services that belong on certain nodes.
 *
 * @param nodes node to priority; of the nodes that are online those with the highest priority are
 *     preferred
 * @param strict whether the services may run nowhere else; if not, every other node is allowed with
 *     priority -1
 */
public record NodeAffinityRule(
    String id,
    SortedSet<ServiceId> resources,
    SortedMap<String, Integer> nodes,
    boolean strict,
    boolean disabled,
    String comment)
    implements HaRule {

  public NodeAffinityRule {
    resources = Collections.unmodifiableSortedSet(new TreeSet<>(resources));
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    comment = comment == null ? "" : comment;
  }

  public static NodeAffinityRule of(
      String id, List<ServiceId> resources, SortedMap<String, Integer> nodes, boolean strict) {
    return new NodeAffinityRule(id, new TreeSet<>(resources), nodes, strict, false, "");
  }

  /** Whether some of its nodes are preferred to others. */
  public boolean hasSeveralPriorities() {
    return nodes.values().stream().distinct().count() > 1;
  }

  @Override
  public NodeAffinityRule withResources(SortedSet<ServiceId> wider) {
    return new NodeAffinityRule(id, wider, nodes, strict, disabled, comment);
  }
}
