package io.pveha.core.placement;

import java.util.List;
import java.util.SortedSet;

/** One rule of {@code /etc/pve/ha/rules.cfg} (Proxmox VE 9). */
public sealed interface HaRule permits NodeAffinityRule, ResourceAffinityRule {

  String id();

  /** The services that the rule speaks about, sorted. */
  SortedSet<ServiceId> resources();

  /** Listed, but takes no part in any check or placement. */
  boolean disabled();

  /** Free text, empty when there is none. */
  String comment();

  HaRule withResources(SortedSet<ServiceId> resources);

  /** Rules of the given type that are not disabled, in the order of the list. */
  static <R extends HaRule> List<R> enabled(List<? extends HaRule> rules, Class<R> type) {
    return rules.stream()
        .filter(rule -> !rule.disabled() && type.isInstance(rule))
        .map(type::cast)
        .toList();
  }
}
