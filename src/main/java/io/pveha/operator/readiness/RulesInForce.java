package io.pveha.operator.readiness;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.NodeAffinityRule;
import io.pveha.core.placement.ResourceAffinityRule;
import io.pveha.core.placement.ResourceAffinityRule.Affinity;
import io.pveha.core.placement.ServiceId;
import io.pveha.operator.polling.Derived;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.proxmox.PlacementCalls.Means;
import io.pveha.proxmox.PlacementCalls.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Rules in force that are understood; groups of Proxmox VE 8 as the rules that they stand for.
 * Worked out once for facts that stay the same.
 */
public final class RulesInForce {

  private static final Derived.From<SlowFacts, RulesInForce> WORKED_OUT = RulesInForce::new;

  private final SlowFacts facts;
  private final List<HaRule> all;
  private final Map<ServiceId, List<NodeAffinityRule>> binding = new HashMap<>();
  private final Map<ServiceId, List<ResourceAffinityRule>> affinities = new HashMap<>();
  private final SortedMap<ServiceId, String> doubts;

  private RulesInForce(SlowFacts facts) {
    this.facts = facts;
    this.all = List.copyOf(facts.means() == Means.GROUPS ? groups() : rules());
    this.doubts = PlacementDoubts.of(facts);
    HaRule.enabled(all, NodeAffinityRule.class).stream()
        .filter(NodeAffinityRule::isBinding)
        .forEach(rule -> rule.resources().forEach(sid -> add(binding, sid, rule)));
    HaRule.enabled(all, ResourceAffinityRule.class)
        .forEach(rule -> rule.resources().forEach(sid -> add(affinities, sid, rule)));
  }

  private static <R> void add(Map<ServiceId, List<R>> rules, ServiceId sid, R rule) {
    rules.computeIfAbsent(sid, unused -> new ArrayList<>(1)).add(rule);
  }

  public static RulesInForce of(SlowFacts facts) {
    return facts.derived(WORKED_OUT);
  }

  /** In file order. */
  List<HaRule> all() {
    return all;
  }

  /** Those that say where a resource may run at all. */
  public List<NodeAffinityRule> binding(ServiceId sid) {
    return binding.getOrDefault(sid, List.of());
  }

  /** Those that keep a resource together with others, or apart from them. */
  public List<ResourceAffinityRule> affinities(ServiceId sid) {
    return affinities.getOrDefault(sid, List.of());
  }

  /** Guests for which it is unknown where Proxmox HA would take them, and why. */
  public SortedMap<ServiceId, String> doubts() {
    return doubts;
  }

  private List<HaRule> rules() {
    return facts.rules().stream()
        .filter(rule -> !rule.disable() && rule.unknownProperties().isEmpty())
        .map(RulesInForce::rule)
        .toList();
  }

  private static HaRule rule(Rule rule) {
    List<ServiceId> sids = rule.sids().stream().map(ServiceId::of).toList();
    if (rule.isNodeAffinity() && rule.isNegative()) {
      return NodeAffinityRule.keepingOff(rule.rule(), sids, named(rule.priorities()).keySet());
    }
    return rule.isNodeAffinity()
        ? NodeAffinityRule.of(rule.rule(), sids, named(rule.priorities()), rule.strict())
        : ResourceAffinityRule.of(
            rule.rule(), sids, rule.isNegative() ? Affinity.NEGATIVE : Affinity.POSITIVE);
  }

  private List<HaRule> groups() {
    List<HaRule> rules = new ArrayList<>();
    facts.groups().stream()
        .filter(group -> !group.priorities().isEmpty())
        .filter(group -> group.unknownProperties().isEmpty())
        .forEach(
            group -> {
              List<ServiceId> sids =
                  facts.inGroup(group.group()).stream()
                      .map(resource -> ServiceId.of(resource.sid()))
                      .toList();
              if (!sids.isEmpty()) {
                rules.add(
                    NodeAffinityRule.of(
                        group.group(), sids, named(group.priorities()), group.restricted()));
              }
            });
    return rules;
  }

  private static SortedMap<String, Integer> named(Map<NodeName, Integer> priorities) {
    SortedMap<String, Integer> named = new TreeMap<>();
    priorities.forEach((node, priority) -> named.put(node.value(), priority));
    return named;
  }
}
