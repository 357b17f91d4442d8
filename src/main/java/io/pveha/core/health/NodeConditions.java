package io.pveha.core.health;

import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.core.cluster.NodeName;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The conditions of nodes, from what is known of them. Properties kept:
 *
 * <ol>
 *   <li>what was not told, or too long ago, is Unknown and never bad;
 *   <li>what was not even asked yet is left out, so that what an operator before us said stays;
 *   <li>the same facts give the same words: no age is in a message;
 *   <li>a figure that hovers about its limit does not make a condition come and go.
 * </ol>
 */
public final class NodeConditions {

  static final Duration AGENT_PATIENCE = Duration.ofSeconds(30);
  static final Duration OLDEST_OFTEN_ASKED = Duration.ofSeconds(45);
  static final Duration OLDEST_SELDOM_ASKED = Duration.ofMinutes(2);
  static final Duration OLDEST_HARDLY_CHANGING = Duration.ofHours(1);

  private NodeConditions() {}

  /**
   * The conditions that follow from signals, by node, in the order of {@link NodeConditionType}.
   *
   * @param former what followed last time
   */
  public static SortedMap<NodeName, List<NodeCondition>> of(
      Collection<NodeSignals> nodes, Map<NodeName, List<NodeCondition>> former, Instant now) {
    OptionalLong rightTime = SystemConditions.rightTime(nodes);
    SortedMap<NodeName, List<NodeCondition>> conditions = new TreeMap<>();
    nodes.forEach(
        node ->
            conditions.put(
                node.node(),
                of(node, former.getOrDefault(node.node(), List.of()), rightTime, now)));
    return conditions;
  }

  private static List<NodeCondition> of(
      NodeSignals node, List<NodeCondition> former, OptionalLong rightTime, Instant now) {
    NodeFindings found = new NodeFindings(node.node(), former, now);
    new MembershipConditions(node, found).judge();
    new StorageConditions(node, found, now).judge();
    new SystemConditions(node, found, rightTime, now).judge();
    return found.all();
  }
}
