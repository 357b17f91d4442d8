package io.pveha.app.rehearse;

import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.NodeAffinityRule;
import io.pveha.core.placement.ResourceAffinityRule;
import io.pveha.core.placement.ResourceAffinityRule.Affinity;
import io.pveha.core.placement.ServiceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads the rules of a document. */
final class RuleReader {

  private RuleReader() {}

  static List<HaRule> rules(List<JsonObject> list) {
    List<HaRule> rules = new ArrayList<>();
    list.forEach(rule -> rules.add(rule(rule)));
    return rules;
  }

  private static HaRule rule(JsonObject rule) {
    String id = rule.text("id");
    SortedSet<ServiceId> resources = new TreeSet<>();
    rule.texts("resources").forEach(sid -> resources.add(ServiceId.of(sid)));
    boolean disabled = rule.flag("disabled", false);
    String comment = rule.text("comment", "");
    return switch (rule.text("type")) {
      case "nodeAffinity" ->
          new NodeAffinityRule(
              id,
              resources,
              priorities(rule.list("nodes")),
              rule.flag("strict", false),
              disabled,
              comment);
      case "resourceAffinity" ->
          new ResourceAffinityRule(
              id,
              resources,
              rule.word("affinity", word -> Affinity.valueOf(word.toUpperCase(Locale.ROOT)), null),
              disabled,
              comment);
      default ->
          throw new IllegalArgumentException(
              rule.path() + ".type: unknown rule type '" + rule.text("type") + "'");
    };
  }

  static SortedMap<String, Integer> priorities(List<JsonObject> nodes) {
    SortedMap<String, Integer> priorities = new TreeMap<>();
    nodes.forEach(node -> priorities.put(node.text("node"), node.whole("priority", 0)));
    return priorities;
  }
}
