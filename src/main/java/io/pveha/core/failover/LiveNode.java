package io.pveha.core.failover;

import java.util.Collections;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A node of a live cluster. What is not known is empty, and never counts against the node.
 *
 * @param online member of the quorate part
 * @param takesServices whether the HA manager would place services there; not so in maintenance
 * @param votes in the quorum
 * @param cores 0 when unknown
 * @param memoryBytes 0 when unknown
 * @param freeMemoryBytes what guests that are recovered may still take
 * @param storages ids of the storage entries that are active there
 */
public record LiveNode(
    boolean online,
    boolean takesServices,
    int votes,
    double cores,
    long memoryBytes,
    OptionalLong freeMemoryBytes,
    Optional<SortedSet<String>> storages) {

  public LiveNode {
    storages = storages.map(ids -> Collections.unmodifiableSortedSet(new TreeSet<>(ids)));
  }

  /** A node that could be chosen. */
  boolean isCandidate() {
    return online && takesServices;
  }
}
