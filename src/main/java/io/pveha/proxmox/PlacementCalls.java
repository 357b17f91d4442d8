package io.pveha.proxmox;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.core.cluster.NodeName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where HA resources may run: groups up to 8.x, node-affinity rules from 9.0. Which of the two a
 * cluster has is not a matter of its version alone, since a cluster that is being upgraded keeps
 * its groups until every node is on 9.
 */
public final class PlacementCalls {

  private static final int RULES_SINCE = 9;

  private static final Pattern NODE = Pattern.compile("([A-Za-z0-9.-]+)(?::(\\d{1,9}))?");
  private static final Pattern SID = Pattern.compile("(?:vm|ct):\\d{1,9}");

  private final ProxmoxApi api;

  public PlacementCalls(ProxmoxApi api) {
    this.api = api;
  }

  /** What the cluster has for placement. */
  public enum Means {
    /** Groups, to which resources point. */
    GROUPS,
    /** Rules, which point to resources. */
    RULES,
    /** Groups that Proxmox will turn into rules; until then neither may be written. */
    MIGRATION_PENDING
  }

  /** For a cluster whose members all have this major version. */
  public Query<Means> means(int major) {
    return means(major, major);
  }

  /**
   * Finds out by asking.
   *
   * @param lowest lowest major version among the members
   * @param highest highest major version among the members
   */
  public Query<Means> means(int lowest, int highest) {
    if (lowest < RULES_SINCE) {
      // While nodes of both kinds are members, groups stand still until they become rules.
      return Query.answered(highest < RULES_SINCE ? Means.GROUPS : Means.MIGRATION_PENDING);
    }
    return groups()
        .map(groups -> groups.isEmpty() ? Means.RULES : Means.MIGRATION_PENDING)
        .or(
            failure -> {
              if (failure instanceof ProxmoxFailure.Refused
                  && ((ProxmoxFailure.Refused) failure).says("migrated")) {
                return Means.RULES;
              }
              throw failure;
            });
  }

  /** All groups; refused on a cluster whose groups have become rules. */
  public Query<List<Group>> groups() {
    return Query.of(
        api,
        ApiRequest.get("/cluster/ha/groups"),
        answer -> Answers.rows(answer, Group.class, Group::group));
  }

  /** Makes a group; its resources must point to it afterwards. */
  public void addGroup(
      String name, Map<NodeName, Integer> nodes, boolean restricted, boolean nofailback) {
    api.call(
        ApiRequest.post("/cluster/ha/groups")
            .with("group", name)
            .with("nodes", nodeList(nodes))
            .with("restricted", restricted)
            .with("nofailback", nofailback));
  }

  public void updateGroup(
      String name, Map<NodeName, Integer> nodes, boolean restricted, boolean nofailback) {
    api.call(
        ApiRequest.put("/cluster/ha/groups/" + Paths.segment(name))
            .with("nodes", nodeList(nodes))
            .with("restricted", restricted)
            .with("nofailback", nofailback));
  }

  public void removeGroup(String name) {
    api.call(ApiRequest.delete("/cluster/ha/groups/" + Paths.segment(name)));
  }

  /** All rules of both types. */
  public Query<List<Rule>> rules() {
    return Query.of(
        api,
        ApiRequest.get("/cluster/ha/rules"),
        answer -> Answers.rows(answer, Rule.class, Rule::rule));
  }

  /** Makes a node-affinity rule; its resources must be under HA before. */
  public void addNodeAffinity(
      String name, List<String> sids, Map<NodeName, Integer> nodes, boolean strict) {
    api.call(
        nodeAffinity(ApiRequest.post("/cluster/ha/rules").with("rule", name), sids, nodes, strict));
  }

  public void updateNodeAffinity(
      String name, List<String> sids, Map<NodeName, Integer> nodes, boolean strict) {
    api.call(
        nodeAffinity(
            ApiRequest.put("/cluster/ha/rules/" + Paths.segment(name)), sids, nodes, strict));
  }

  private static ApiRequest nodeAffinity(
      ApiRequest request, List<String> sids, Map<NodeName, Integer> nodes, boolean strict) {
    return request
        .with("type", "node-affinity")
        .with("resources", sids)
        .with("nodes", nodeList(nodes))
        .with("strict", strict);
  }

  /**
   * Makes a resource-affinity rule.
   *
   * @param positive whether the resources stay together; else they stay apart
   */
  public void addResourceAffinity(String name, List<String> sids, boolean positive) {
    api.call(
        resourceAffinity(ApiRequest.post("/cluster/ha/rules").with("rule", name), sids, positive));
  }

  public void updateResourceAffinity(String name, List<String> sids, boolean positive) {
    api.call(
        resourceAffinity(
            ApiRequest.put("/cluster/ha/rules/" + Paths.segment(name)), sids, positive));
  }

  private static ApiRequest resourceAffinity(
      ApiRequest request, List<String> sids, boolean positive) {
    return request
        .with("type", "resource-affinity")
        .with("resources", sids)
        .with("affinity", positive ? "positive" : "negative");
  }

  /** Removes a rule of either type; one that is not there is no error. */
  public void removeRule(String name) {
    api.call(ApiRequest.delete("/cluster/ha/rules/" + Paths.segment(name)));
  }

  private static String nodeList(Map<NodeName, Integer> nodes) {
    return new TreeMap<>(nodes)
        .entrySet().stream()
            .map(
                node ->
                    node.getValue() == 0
                        ? node.getKey().value()
                        : node.getKey() + ":" + node.getValue())
            .collect(Collectors.joining(","));
  }

  /** Nodes with priorities from {@code n1:2,n2}; a node without one has priority 0. */
  private static Map<NodeName, Integer> nodes(String text) {
    Map<NodeName, Integer> nodes = new TreeMap<>();
    words(text)
        .map(NODE::matcher)
        .filter(Matcher::matches)
        .forEach(
            node ->
                nodes.put(
                    new NodeName(node.group(1)),
                    node.group(2) == null ? 0 : Integer.parseInt(node.group(2))));
    return nodes;
  }

  private static List<String> sids(String text) {
    return words(text)
        .map(sid -> sid.contains(":") ? sid : "vm:" + sid)
        .filter(sid -> SID.matcher(sid).matches())
        .sorted()
        .toList();
  }

  private static Stream<String> words(String text) {
    return text == null
        ? Stream.empty()
        : Arrays.stream(text.split("[,; ]+")).filter(word -> !word.isBlank());
  }

  private static boolean areNodes(String text) {
    return words(text).allMatch(word -> NODE.matcher(word).matches());
  }

  private static boolean areSids(String text) {
    return words(text)
        .allMatch(sid -> SID.matcher(sid.contains(":") ? sid : "vm:" + sid).matches());
  }

  /** A group as configured. */
  @JsonIgnoreProperties({"type", "comment", "digest"})
  public record Group(
      String group,
      String nodes,
      boolean restricted,
      boolean nofailback,
      @JsonAnySetter Map<String, JsonNode> further)
      implements Configured {

    public Group {
      further = Configured.set(further);
    }

    public Map<NodeName, Integer> priorities() {
      return PlacementCalls.nodes(nodes);
    }

    @Override
    public SortedSet<String> unknownProperties() {
      SortedSet<String> unknown = Configured.names(further);
      if (!areNodes(nodes)) {
        unknown.add("nodes");
      }
      return unknown;
    }
  }

  /**
   * A rule as configured.
   *
   * @param type {@code node-affinity} or {@code resource-affinity}
   * @param affinity {@code positive} or {@code negative}; node affinity has it since 9.2, and is
   *     positive without it
   * @param errors why Proxmox ignores the rule, by field; empty when it applies
   * @param further properties that this version does not know
   */
  @JsonIgnoreProperties({"comment", "digest", "order"})
  public record Rule(
      String rule,
      String type,
      String resources,
      String nodes,
      boolean strict,
      boolean disable,
      String affinity,
      Map<String, Object> errors,
      @JsonAnySetter Map<String, JsonNode> further)
      implements Configured {

    private static final String NODE_AFFINITY = "node-affinity";
    private static final String RESOURCE_AFFINITY = "resource-affinity";
    private static final String NEGATIVE = "negative";
    private static final Set<String> AFFINITIES = Set.of("positive", NEGATIVE);

    public Rule {
      errors = errors == null ? Map.of() : Map.copyOf(errors);
      further = Configured.set(further);
    }

    /** Not of a type that this version does not know, which is neither. */
    public boolean isNodeAffinity() {
      return NODE_AFFINITY.equals(type);
    }

    /** Whether it keeps its resources off its nodes, or from each other. */
    public boolean isNegative() {
      return NEGATIVE.equals(affinity);
    }

    public boolean isResourceAffinity() {
      return RESOURCE_AFFINITY.equals(type);
    }

    public List<String> sids() {
      return PlacementCalls.sids(resources);
    }

    public Map<NodeName, Integer> priorities() {
      return PlacementCalls.nodes(nodes);
    }

    @Override
    public SortedSet<String> unknownProperties() {
      SortedSet<String> unknown = Configured.names(further);
      if (!isNodeAffinity() && !isResourceAffinity()) {
        unknown.add("type");
      }
      boolean readable = affinity == null ? !isResourceAffinity() : AFFINITIES.contains(affinity);
      if (!readable) {
        unknown.add("affinity");
      }
      if (!areNodes(nodes)) {
        unknown.add("nodes");
      }
      if (!areSids(resources)) {
        unknown.add("resources");
      }
      return unknown;
    }
  }
}
