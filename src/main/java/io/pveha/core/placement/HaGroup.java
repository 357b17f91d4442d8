package io.pveha.core.placement;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A legacy group of {@code /etc/pve/ha/groups.cfg} (Proxmox VE 8); version 9 reads it as a node
 * affinity rule until it has been migrated.
 *
 * @param nodes node to priority
 * @param restricted its services may run nowhere else
 * @param nofailback its services stay where they are when a better node comes back
 */
public record HaGroup(
    String id,
    SortedMap<String, Integer> nodes,
    boolean restricted,
    boolean nofailback,
    String comment) {

  public HaGroup {
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    comment = comment == null ? "" : comment;
  }
}
