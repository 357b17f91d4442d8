package io.pveha.core.guest;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * What Proxmox says of a guest.
 *
 * @param found the guest of the number, of whatever kind
 * @param members all members and whether they are online
 * @param keptAway nodes that take no new guests now, and why
 * @param storages storages by node, enabled there
 * @param source the guest to clone
 * @param underHa whether Proxmox HA lists a resource of its id
 * @param obstacle why a guest that is not found must not be made; empty when it may be
 * @param templates what lies on the storage of the container template, on the node where it is
 *     needed; empty when it was not asked
 */
public record GuestFacts(
    Optional<Found> found,
    Map<NodeName, Boolean> members,
    SortedMap<NodeName, String> keptAway,
    Map<NodeName, Set<String>> storages,
    Optional<Found> source,
    boolean underHa,
    Optional<Finding> obstacle,
    Optional<Set<String>> templates) {

  /** The same, now that the storage of the template was asked. */
  public GuestFacts withTemplates(Set<String> volumes) {
    return new GuestFacts(
        found, members, keptAway, storages, source, underHa, obstacle, Optional.of(volumes));
  }

  /** The same, judged by what is remembered of the guest. */
  public GuestFacts withObstacle(Optional<Finding> doubt) {
    return new GuestFacts(found, members, keptAway, storages, source, underHa, doubt, templates);
  }

  /**
   * A guest that exists.
   *
   * @param template whether it can only be cloned, never started
   * @param locked a lock that it holds, as {@code create} while it is made
   */
  public record Found(
      boolean container,
      NodeName node,
      boolean running,
      boolean template,
      Optional<String> locked) {}
}
