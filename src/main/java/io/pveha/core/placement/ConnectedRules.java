package io.pveha.core.placement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Positive rules that share services, directly or through one another, and so speak about one group
 * of services.
 *
 * <p>A single pass, as in Proxmox: each rule, by its lowest service and then its id, joins the
 * <em>first</em> set with which it shares a service. Two sets that a later rule connects stay two.
 */
record ConnectedRules(List<ResourceAffinityRule> rules, SortedSet<ServiceId> resources) {

  static List<ConnectedRules> of(Collection<ResourceAffinityRule> positive) {
    List<ResourceAffinityRule> sorted = new ArrayList<>(positive);
    sorted.removeIf(rule -> rule.resources().isEmpty());
    sorted.sort(
        Comparator.comparing((ResourceAffinityRule rule) -> rule.resources().first())
            .thenComparing(ResourceAffinityRule::id));
    List<ConnectedRules> sets = new ArrayList<>();
    for (ResourceAffinityRule rule : sorted) {
      sets.stream()
          .filter(set -> set.sharesWith(rule))
          .findFirst()
          .orElseGet(() -> opened(sets))
          .add(rule);
    }
    return sets;
  }

  private static ConnectedRules opened(List<ConnectedRules> sets) {
    ConnectedRules set = new ConnectedRules(new ArrayList<>(), new TreeSet<>());
    sets.add(set);
    return set;
  }

  private void add(ResourceAffinityRule rule) {
    rules.add(rule);
    resources.addAll(rule.resources());
  }

  boolean sharesWith(HaRule rule) {
    return sharedWith(rule) > 0;
  }

  /** How many services the rule has in common with this set. */
  long sharedWith(HaRule rule) {
    return rule.resources().stream().filter(resources::contains).count();
  }
}
