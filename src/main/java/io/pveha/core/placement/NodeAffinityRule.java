package io.pveha.core.placement;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Services that belong on certain nodes, or never on them.
 *
 * <p>Whether a negative rule that is not strict lets a service onto its nodes when no other is left
 * is neither documented nor measured. Read here is what is safe: never, strict or not.
 *
 * @param nodes node to priority; of the nodes that are online those with the highest priority are
 *     preferred
 * @param strict whether the services may run nowhere else; if not, every other node is allowed with
 *     priority -1
 * @param negative whether the nodes are those where the services never run; their priorities mean
 *     nothing then (Proxmox VE 9.2)
 */
public record NodeAffinityRule(
    String id,
    SortedSet<ServiceId> resources,
    SortedMap<String, Integer> nodes,
    boolean strict,
    boolean disabled,
    String comment,
    boolean negative)
    implements HaRule {

  /** One that says where services belong. */
  public NodeAffinityRule(
      String id,
      SortedSet<ServiceId> resources,
      SortedMap<String, Integer> nodes,
      boolean strict,
      boolean disabled,
      String comment) {
    this(id, resources, nodes, strict, disabled, comment, false);
  }

  public NodeAffinityRule {
    resources = Collections.unmodifiableSortedSet(new TreeSet<>(resources));
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    comment = comment == null ? "" : comment;
  }

  public static NodeAffinityRule of(
      String id, List<ServiceId> resources, SortedMap<String, Integer> nodes, boolean strict) {
    return new NodeAffinityRule(id, new TreeSet<>(resources), nodes, strict, false, "");
  }

  /** One that keeps services off nodes. */
  public static NodeAffinityRule keepingOff(
      String id, List<ServiceId> resources, Collection<String> nodes) {
    SortedMap<String, Integer> avoided = new TreeMap<>();
    nodes.forEach(node -> avoided.put(node, 0));
    return new NodeAffinityRule(id, new TreeSet<>(resources), avoided, true, false, "", true);
  }

  /** Of all nodes, those that it speaks for: its own, or all but its own. */
  public SortedSet<String> chosenOf(Collection<String> all) {
    SortedSet<String> chosen = new TreeSet<>(negative ? all : nodes.keySet());
    if (negative) {
      chosen.removeAll(nodes.keySet());
    }
    return chosen;
  }

  /** Whether it leaves services no node but those that it speaks for. */
  public boolean isBinding() {
    return strict || negative;
  }

  /** Whether some of its nodes are preferred to others. */
  public boolean hasSeveralPriorities() {
    return !negative && nodes.values().stream().distinct().count() > 1;
  }

  @Override
  public NodeAffinityRule withResources(SortedSet<ServiceId> wider) {
    return new NodeAffinityRule(id, wider, nodes, strict, disabled, comment, negative);
  }
}
