package io.pveha.core.failover;

import io.pveha.core.placement.CompiledRules;
import io.pveha.core.placement.EffectiveRule;
import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.NodeAffinityRule;
import io.pveha.core.placement.ResourceAffinityRule;
import io.pveha.core.placement.ServiceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The effective rules by the services that they name: each stranded guest asks for its own, and
 * thousands may be stranded at once.
 */
final class RuleIndex {

  private final Map<ServiceId, NodeAffinityRule> binding = new HashMap<>();
  private final Map<ServiceId, List<ResourceAffinityRule>> apart = new HashMap<>();

  RuleIndex(CompiledRules rules) {
    List<HaRule> all = rules.effective().stream().map(EffectiveRule::rule).toList();
    HaRule.enabled(all, NodeAffinityRule.class).stream()
        .filter(NodeAffinityRule::isBinding)
        .forEach(rule -> rule.resources().forEach(sid -> binding.putIfAbsent(sid, rule)));
    HaRule.enabled(all, ResourceAffinityRule.class).stream()
        .filter(rule -> !rule.isPositive())
        .forEach(
            rule ->
                rule.resources()
                    .forEach(
                        sid -> apart.computeIfAbsent(sid, unused -> new ArrayList<>(1)).add(rule)));
  }

  /** The first rule that says where a service may run at all. */
  Optional<NodeAffinityRule> binding(ServiceId sid) {
    return Optional.ofNullable(binding.get(sid));
  }

  /** Rules that keep a service apart from others. */
  List<ResourceAffinityRule> apart(ServiceId sid) {
    return apart.getOrDefault(sid, List.of());
  }
}
