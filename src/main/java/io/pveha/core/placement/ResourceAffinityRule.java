package io.pveha.core.placement;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Services that must share a node, or must each have a node of their own. */
public record ResourceAffinityRule(
    String id, SortedSet<ServiceId> resources, Affinity affinity, boolean disabled, String comment)
    implements HaRule {

  /** Which of the two it is. */
  public enum Affinity {
    /** All on the same node. */
    POSITIVE,
    /** No two on the same node. */
    NEGATIVE
  }

  public ResourceAffinityRule {
    resources = Collections.unmodifiableSortedSet(new TreeSet<>(resources));
    comment = comment == null ? "" : comment;
  }

  public static ResourceAffinityRule of(String id, List<ServiceId> resources, Affinity affinity) {
    return new ResourceAffinityRule(id, new TreeSet<>(resources), affinity, false, "");
  }

  public boolean isPositive() {
    return affinity == Affinity.POSITIVE;
  }

  @Override
  public ResourceAffinityRule withResources(SortedSet<ServiceId> wider) {
    return new ResourceAffinityRule(id, wider, affinity, disabled, comment);
  }
}
