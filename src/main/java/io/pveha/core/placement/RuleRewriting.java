package io.pveha.core.placement;

import io.pveha.core.placement.EffectiveRule.Origin;
import io.pveha.core.placement.ResourceAffinityRule.Affinity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Makes the feasible rules say explicitly what they imply, in three steps, each on what the one
 * before left:
 *
 * <ol>
 *   <li>positive rules that share services become one;
 *   <li>who is kept together with a service is kept apart from whatever that one is kept apart
 *       from;
 *   <li>who is kept together with a service goes where its node affinity says.
 * </ol>
 */
final class RuleRewriting {

  private final List<RuleProblem> problems;
  private final Map<String, EffectiveRule> rules = new LinkedHashMap<>();
  private final List<String> merged = new ArrayList<>();

  private RuleRewriting(List<HaRule> given, List<RuleProblem> problems) {
    this.problems = problems;
    Set<String> dropped = problems.stream().map(RuleProblem::rule).collect(Collectors.toSet());
    for (int i = 0; i < given.size(); i++) {
      HaRule rule = given.get(i);
      if (!dropped.contains(rule.id())) {
        put(new EffectiveRule(i + 1, Origin.GIVEN, rule));
      }
    }
  }

  static RuleRewriting of(List<HaRule> given, List<RuleProblem> problems) {
    RuleRewriting rewriting = new RuleRewriting(given, problems);
    rewriting.mergeConnected();
    rewriting.inferNegative();
    rewriting.widenNodeAffinity();
    return rewriting;
  }

  List<RuleProblem> problems() {
    return problems;
  }

  List<String> merged() {
    return List.copyOf(merged);
  }

  List<EffectiveRule> effective() {
    return rules.values().stream()
        .sorted(
            Comparator.comparingInt(EffectiveRule::order)
                .thenComparing(effective -> effective.rule().id()))
        .toList();
  }

  private void mergeConnected() {
    for (ConnectedRules set : ConnectedRules.of(resourceRules(true))) {
      if (set.rules().size() < 2) {
        continue;
      }
      List<String> ids = set.rules().stream().map(HaRule::id).toList();
      int order = rules.get(ids.get(0)).order();
      ids.forEach(rules::remove);
      merged.addAll(ids);
      put(
          new EffectiveRule(
              order,
              Origin.MERGED,
              new ResourceAffinityRule(
                  "_merged-" + String.join("-", ids),
                  set.resources(),
                  Affinity.POSITIVE,
                  false,
                  "")));
    }
  }

  private void inferNegative() {
    Map<ServiceId, SortedSet<ServiceId>> apart = apart();
    int order = rules.values().stream().mapToInt(EffectiveRule::order).min().orElse(0) + 1;
    for (ResourceAffinityRule together : resourceRules(true)) {
      SortedSet<ServiceId> kept = new TreeSet<>();
      together.resources().forEach(sid -> kept.addAll(apart.getOrDefault(sid, new TreeSet<>())));
      for (ServiceId member : together.resources()) {
        for (ServiceId other : kept) {
          if (!apart.getOrDefault(member, new TreeSet<>()).contains(other)) {
            String id = "_implicit-negative-" + together.id() + "-" + member + "-" + other;
            HaRule rule = ResourceAffinityRule.of(id, List.of(member, other), Affinity.NEGATIVE);
            put(new EffectiveRule(order, Origin.IMPLICIT_NEGATIVE, rule));
          }
        }
      }
    }
  }

  private void widenNodeAffinity() {
    for (ResourceAffinityRule together : resourceRules(true)) {
      for (EffectiveRule effective : List.copyOf(rules.values())) {
        if (effective.rule() instanceof NodeAffinityRule rule
            && !rule.disabled()
            && rule.resources().stream().anyMatch(together.resources()::contains)) {
          SortedSet<ServiceId> wider = new TreeSet<>(rule.resources());
          wider.addAll(together.resources());
          put(effective.withRule(rule.withResources(wider)));
        }
      }
    }
  }

  private Map<ServiceId, SortedSet<ServiceId>> apart() {
    Map<ServiceId, SortedSet<ServiceId>> apart = new TreeMap<>();
    for (ResourceAffinityRule rule : resourceRules(false)) {
      for (ServiceId sid : rule.resources()) {
        SortedSet<ServiceId> others = apart.computeIfAbsent(sid, s -> new TreeSet<>());
        rule.resources().stream().filter(other -> !other.equals(sid)).forEach(others::add);
      }
    }
    return apart;
  }

  private List<ResourceAffinityRule> resourceRules(boolean positive) {
    List<HaRule> all = rules.values().stream().map(EffectiveRule::rule).toList();
    return HaRule.enabled(all, ResourceAffinityRule.class).stream()
        .filter(rule -> rule.isPositive() == positive)
        .toList();
  }

  private void put(EffectiveRule effective) {
    rules.put(effective.rule().id(), effective);
  }
}
