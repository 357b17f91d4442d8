package io.pveha.core.placement;

import io.pveha.core.placement.RuleProblem.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which rules can't be kept together. All checks look at the whole set; then every rule with a
 * problem is dropped, also where dropping one of two would be enough.
 */
public final class RuleFeasibility {

  private final List<NodeAffinityRule> nodeRules;
  private final List<ResourceAffinityRule> resourceRules;
  private final List<ResourceAffinityRule> apart;
  private final List<ConnectedRules> together;
  private final Set<String> nodes;
  private final Map<ServiceId, List<Integer>> positionsOf = new HashMap<>();
  private final List<RuleProblem> problems = new ArrayList<>();

  private RuleFeasibility(Collection<? extends HaRule> rules, Set<String> nodes) {
    List<? extends HaRule> all = List.copyOf(rules);
    nodeRules = HaRule.enabled(all, NodeAffinityRule.class);
    resourceRules = HaRule.enabled(all, ResourceAffinityRule.class);
    apart = resourceRules.stream().filter(rule -> !rule.isPositive()).toList();
    together =
        ConnectedRules.of(resourceRules.stream().filter(ResourceAffinityRule::isPositive).toList());
    this.nodes = Set.copyOf(nodes);
    for (int i = 0; i < nodeRules.size(); i++) {
      for (ServiceId sid : nodeRules.get(i).resources()) {
        positionsOf.computeIfAbsent(sid, unused -> new ArrayList<>(1)).add(i);
      }
    }
  }

  /**
   * All problems, by rule id and then in the order of the checks; empty when every rule can be
   * kept.
   *
   * @param nodes all nodes of the cluster, also those that are down
   */
  public static List<RuleProblem> check(Collection<? extends HaRule> rules, Set<String> nodes) {
    RuleFeasibility feasibility = new RuleFeasibility(rules, nodes);
    feasibility.eachServiceInOneNodeRule();
    feasibility.enoughServices();
    feasibility.enoughNodes();
    feasibility.neverTogetherAndApart();
    feasibility.onePriorityWithResourceAffinity();
    feasibility.togetherInOneNodeRule();
    feasibility.enoughNodesByNodeRules();
    feasibility.problems.sort(Comparator.comparing(RuleProblem::rule));
    return List.copyOf(feasibility.problems);
  }

  /**
   * What adding a rule, or replacing the one of the same id, would break: the problems that the set
   * has with it and has not without. Empty when the rule can be taken.
   */
  public static List<RuleProblem> checkCandidate(
      Collection<? extends HaRule> existing, HaRule candidate, Set<String> nodes) {
    List<HaRule> with = new ArrayList<>(existing);
    with.removeIf(rule -> rule.id().equals(candidate.id()));
    List<RuleProblem> before = check(with, nodes);
    with.add(candidate);
    return check(with, nodes).stream().filter(problem -> !before.contains(problem)).toList();
  }

  private void eachServiceInOneNodeRule() {
    Map<ServiceId, List<NodeAffinityRule>> rulesOf = new TreeMap<>();
    for (NodeAffinityRule rule : nodeRules) {
      rule.resources()
          .forEach(sid -> rulesOf.computeIfAbsent(sid, s -> new ArrayList<>()).add(rule));
    }
    rulesOf.forEach(
        (sid, rules) -> {
          if (rules.size() > 1) {
            rules.forEach(rule -> drop(rule, Reason.RESOURCE_IN_SEVERAL_NODE_AFFINITY_RULES, sid));
          }
        });
  }

  private void enoughServices() {
    resourceRules.stream()
        .filter(rule -> rule.resources().size() < 2)
        .forEach(rule -> drop(rule, Reason.FEWER_THAN_TWO_RESOURCES));
  }

  private void enoughNodes() {
    apart.stream()
        .filter(rule -> rule.resources().size() > nodes.size())
        .forEach(rule -> drop(rule, Reason.MORE_RESOURCES_THAN_NODES));
  }

  private void neverTogetherAndApart() {
    for (ConnectedRules set : together) {
      for (ResourceAffinityRule rule : apart) {
        if (set.sharedWith(rule) >= 2) {
          drop(rule, Reason.CONFLICTS_WITH_POSITIVE_AFFINITY);
          set.rules().forEach(r -> drop(r, Reason.CONFLICTS_WITH_NEGATIVE_AFFINITY));
        }
      }
    }
  }

  private void onePriorityWithResourceAffinity() {
    for (ResourceAffinityRule rule : resourceRules) {
      List<NodeAffinityRule> sharing = nodeRulesSharing(rule.resources());
      if (sharing.stream().anyMatch(NodeAffinityRule::hasSeveralPriorities)) {
        drop(rule, Reason.RESOURCES_HAVE_MULTI_PRIORITY_NODE_AFFINITY);
        sharing.forEach(r -> drop(r, Reason.MULTI_PRIORITY_WITH_RESOURCE_AFFINITY));
      }
    }
  }

  private void togetherInOneNodeRule() {
    for (ConnectedRules set : together) {
      List<NodeAffinityRule> sharing = nodeRulesSharing(set.resources());
      if (sharing.size() > 1) {
        set.rules().forEach(r -> drop(r, Reason.POSITIVE_AFFINITY_ACROSS_NODE_AFFINITY_RULES));
        sharing.forEach(r -> drop(r, Reason.NODE_AFFINITY_DIVIDES_POSITIVE_AFFINITY));
      }
    }
  }

  private void enoughNodesByNodeRules() {
    for (ResourceAffinityRule rule : apart) {
      List<NodeAffinityRule> sharing = nodeRulesSharing(rule.resources());
      Set<String> allowed = new TreeSet<>();
      Set<ServiceId> bound = new TreeSet<>();
      for (NodeAffinityRule nodeRule : sharing) {
        allowed.addAll(nodeRule.chosenOf(nodes));
        bound.addAll(nodeRule.resources());
      }
      bound.retainAll(rule.resources());
      if (allowed.size() < bound.size()) {
        drop(rule, Reason.NEGATIVE_AFFINITY_LACKS_NODES);
        sharing.forEach(r -> drop(r, Reason.NODE_AFFINITY_STARVES_NEGATIVE_AFFINITY));
      }
    }
  }

  /** In their order. */
  private List<NodeAffinityRule> nodeRulesSharing(Set<ServiceId> resources) {
    return resources.stream()
        .flatMap(sid -> positionsOf.getOrDefault(sid, List.of()).stream())
        .distinct()
        .sorted()
        .map(nodeRules::get)
        .toList();
  }

  private void drop(HaRule rule, Reason reason) {
    drop(rule, reason, null);
  }

  private void drop(HaRule rule, Reason reason, ServiceId sid) {
    problems.add(new RuleProblem(rule.id(), reason, sid));
  }
}
