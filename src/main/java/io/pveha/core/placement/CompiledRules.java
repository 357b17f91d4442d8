package io.pveha.core.placement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rules as placement reads them.
 *
 * @param problems rules that were dropped, and why
 * @param merged ids of given rules that live on in a merged rule
 * @param effective rules that apply, by order and id, disabled ones included
 * @param nodeAffinity service to node to priority; absent for a service that may run anywhere
 * @param positive service to the services it must share a node with
 * @param negative service to the services it must not share a node with
 */
public record CompiledRules(
    List<RuleProblem> problems,
    List<String> merged,
    List<EffectiveRule> effective,
    SortedMap<ServiceId, SortedMap<String, Integer>> nodeAffinity,
    SortedMap<ServiceId, SortedSet<ServiceId>> positive,
    SortedMap<ServiceId, SortedSet<ServiceId>> negative) {

  public static final CompiledRules NONE =
      new CompiledRules(
          List.of(),
          List.of(),
          List.of(),
          Collections.emptySortedMap(),
          Collections.emptySortedMap(),
          Collections.emptySortedMap());

  /** The priority of a node outside a rule that is not strict. */
  public static final int OUTSIDE = -1;

  /**
   * Drops what can't be kept, rewrites the rest and looks up who goes where with whom.
   *
   * @param rules in file order
   * @param nodes all nodes of the cluster, also those that are down
   */
  public static CompiledRules compile(Collection<? extends HaRule> rules, Set<String> nodes) {
    RuleRewriting rewriting =
        RuleRewriting.of(List.copyOf(rules), RuleFeasibility.check(rules, nodes));
    List<EffectiveRule> effective = rewriting.effective();
    SortedMap<ServiceId, SortedMap<String, Integer>> places = new TreeMap<>();
    SortedMap<ServiceId, SortedSet<ServiceId>> positive = new TreeMap<>();
    SortedMap<ServiceId, SortedSet<ServiceId>> negative = new TreeMap<>();
    List<HaRule> left = effective.stream().map(EffectiveRule::rule).toList();
    for (NodeAffinityRule rule : HaRule.enabled(left, NodeAffinityRule.class)) {
      SortedMap<String, Integer> priorities = priorities(rule, nodes);
      rule.resources().forEach(sid -> places.put(sid, priorities));
    }
    for (ResourceAffinityRule rule : HaRule.enabled(left, ResourceAffinityRule.class)) {
      SortedMap<ServiceId, SortedSet<ServiceId>> partners = rule.isPositive() ? positive : negative;
      for (ServiceId sid : rule.resources()) {
        SortedSet<ServiceId> others = partners.computeIfAbsent(sid, s -> new TreeSet<>());
        others.addAll(rule.resources());
        others.remove(sid);
      }
    }
    return new CompiledRules(
        rewriting.problems(), rewriting.merged(), effective, places, positive, negative);
  }

  private static SortedMap<String, Integer> priorities(NodeAffinityRule rule, Set<String> nodes) {
    SortedMap<String, Integer> priorities = new TreeMap<>();
    if (rule.negative()) {
      rule.chosenOf(nodes).forEach(node -> priorities.put(node, 0));
      return Collections.unmodifiableSortedMap(priorities);
    }
    if (!rule.strict()) {
      nodes.forEach(node -> priorities.put(node, OUTSIDE));
    }
    priorities.putAll(rule.nodes());
    return Collections.unmodifiableSortedMap(priorities);
  }

  public SortedSet<ServiceId> positivePartners(ServiceId sid) {
    return positive.getOrDefault(sid, Collections.emptySortedSet());
  }

  public SortedSet<ServiceId> negativePartners(ServiceId sid) {
    return negative.getOrDefault(sid, Collections.emptySortedSet());
  }

  /** Nodes of the given ones that a service may run on at all. */
  public List<String> allowed(ServiceId sid, Collection<String> online) {
    Map<String, Integer> priorities = nodeAffinity.get(sid);
    if (priorities == null) {
      return new ArrayList<>(online);
    }
    return online.stream()
        .filter(priorities::containsKey)
        .collect(java.util.stream.Collectors.toCollection(ArrayList::new));
  }

  /** Nodes of the given ones with the highest priority among them. */
  public List<String> preferred(ServiceId sid, Collection<String> allowed) {
    Map<String, Integer> priorities = nodeAffinity.get(sid);
    if (priorities == null || allowed.isEmpty()) {
      return new ArrayList<>(allowed);
    }
    int best = allowed.stream().mapToInt(priorities::get).max().orElseThrow();
    List<String> preferred = new ArrayList<>(allowed);
    preferred.removeIf(node -> priorities.get(node) != best);
    return preferred;
  }
}
