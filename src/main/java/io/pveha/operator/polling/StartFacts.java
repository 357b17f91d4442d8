package io.pveha.operator.polling;

import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.guest.StartNeed;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What guests under HA need where they start, and which nodes have it.
 *
 * @param needs by guest; one whose configuration could not be read yet is missing
 * @param files by node and kind of file, as in {@code local:iso}, the files there; asked only for
 *     what a guest needs, and what could not be listed is missing
 * @param mappings by id, as in {@code pci/gpu}, the nodes that have something in it
 */
public record StartFacts(
    Map<GuestId, List<StartNeed>> needs,
    Map<NodeName, Map<String, Set<String>>> files,
    Map<String, Set<NodeName>> mappings) {

  /** Before anything was asked. */
  public static final StartFacts NONE = new StartFacts(Map.of(), Map.of(), Map.of());

  public StartFacts {
    needs = Map.copyOf(needs);
    files = Collections.unmodifiableMap(new TreeMap<>(files));
    mappings = Collections.unmodifiableMap(new TreeMap<>(mappings));
  }
}
