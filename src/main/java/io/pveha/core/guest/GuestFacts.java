package io.pveha.core.guest;

import io.pveha.core.cluster.NodeName;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What Proxmox says of a guest.
 *
 * @param found the guest of the number, of whatever kind
 * @param members all members and whether they are online
 * @param storages storages by node, enabled there
 * @param source the guest to clone
 * @param templates what lies on the storage of the container template, on the node where it is
 *     needed; empty when it was not asked
 */
public record GuestFacts(
    Optional<Found> found,
    Map<NodeName, Boolean> members,
    Map<NodeName, Set<String>> storages,
    Optional<Found> source,
    Optional<Set<String>> templates) {

  /** The same, now that the storage of the template was asked. */
  public GuestFacts withTemplates(Set<String> volumes) {
    return new GuestFacts(found, members, storages, source, Optional.of(volumes));
  }

  /**
   * A guest that exists.
   *
   * @param locked a lock that it holds, as {@code create} while it is made
   */
  public record Found(boolean container, NodeName node, boolean running, Optional<String> locked) {}
}
