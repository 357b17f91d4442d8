package io.pveha.core.resource;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.resource.WantedResource.Placement;
import io.pveha.core.resource.WantedResource.Preference;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Nodes and their priorities as Proxmox is to have them. Nodes of other sites always come after
 * those of the home site.
 *
 * @param nodes with priorities, higher preferred
 */
record Preferences(SortedMap<String, Integer> nodes, boolean strict) {

  Preferences {
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
  }

  /**
   * As the spec lists nodes. Nodes that take no new guests now come last, or are left out of a
   * strict list as long as two others are on it. Empty when the wish is no restriction at all, so
   * that Proxmox needs no rule for it.
   */
  static Optional<Preferences> of(Placement wanted, ResourceFacts facts) {
    Preferences preferences = ordered(welcome(wanted, facts), wanted.strict(), facts);
    return preferences.isNoRestriction(facts) ? Optional.empty() : Optional.of(preferences);
  }

  private static List<Preference> welcome(Placement wanted, ResourceFacts facts) {
    Set<NodeName> keptAway = facts.keptAway().keySet();
    List<Preference> listed = wanted.nodes();
    List<Preference> welcome =
        listed.stream().filter(preference -> !keptAway.contains(preference.node())).toList();
    if (wanted.strict()) {
      return welcome.size() < Math.min(2, listed.size()) ? listed : ownToo(welcome, listed, facts);
    }
    return !welcome.isEmpty() || keptAway.isEmpty()
        ? welcome
        : facts.members().stream()
            .filter(node -> !keptAway.contains(node))
            .map(node -> new Preference(node, 0))
            .toList();
  }

  /** With the node where the guest is, so that Proxmox does not move it at once. */
  private static List<Preference> ownToo(
      List<Preference> welcome, List<Preference> listed, ResourceFacts facts) {
    Optional<NodeName> own = facts.copies().own();
    return listed.stream()
        .filter(
            preference ->
                welcome.contains(preference) || own.filter(preference.node()::equals).isPresent())
        .toList();
  }

  private static Preferences ordered(List<Preference> listed, boolean strict, ResourceFacts facts) {
    Set<NodeName> remote = facts.remote();
    int highestRemote =
        listed.stream()
            .filter(preference -> remote.contains(preference.node()))
            .mapToInt(Preference::priority)
            .max()
            .orElse(-1);
    boolean unlistedAtHome =
        !strict
            && !remote.isEmpty()
            && facts.members().stream()
                .anyMatch(node -> !remote.contains(node) && !isListed(listed, node));
    // From low to high: listed remote, unlisted at home, listed at home.
    int home = highestRemote + 1 + (unlistedAtHome ? 1 : 0);
    SortedMap<String, Integer> nodes = new TreeMap<>();
    for (Preference preference : listed) {
      boolean away = remote.contains(preference.node());
      nodes.put(preference.node().value(), preference.priority() + (away ? 0 : home));
    }
    if (unlistedAtHome) {
      facts.members().stream()
          .filter(node -> !remote.contains(node) && !isListed(listed, node))
          .forEach(node -> nodes.put(node.value(), highestRemote + 1));
    }
    return new Preferences(nodes, strict);
  }

  private static boolean isListed(List<Preference> listed, NodeName node) {
    return listed.stream().anyMatch(preference -> preference.node().equals(node));
  }

  /** Every member with one priority, or nobody named. */
  private boolean isNoRestriction(ResourceFacts facts) {
    boolean everyMember =
        facts.members().stream().allMatch(member -> nodes.containsKey(member.value()));
    boolean onePriority = nodes.values().stream().distinct().count() <= 1;
    return nodes.isEmpty() || (everyMember && onePriority && !strict);
  }
}
