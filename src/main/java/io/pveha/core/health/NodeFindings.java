package io.pveha.core.health;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.Fact;
import io.pveha.core.cluster.NodeName;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The conditions of one node as they are found. */
final class NodeFindings {

  private final NodeName node;
  private final Instant now;
  private final Map<NodeConditionType, NodeCondition> former =
      new EnumMap<>(NodeConditionType.class);
  private final Map<NodeConditionType, NodeCondition> found =
      new EnumMap<>(NodeConditionType.class);

  NodeFindings(NodeName node, List<NodeCondition> former, Instant now) {
    this.node = node;
    this.now = now;
    former.forEach(condition -> this.former.put(condition.type(), condition));
  }

  /** In the order of {@link NodeConditionType}. */
  List<NodeCondition> all() {
    return List.copyOf(found.values());
  }

  /** Judges a fact; one that is older than that, or could not be learned, is Unknown. */
  <T> void judge(
      Fact<T> fact, Duration oldest, Consumer<T> judge, String what, NodeConditionType... aspects) {
    boolean asked = fact.value().isPresent() || fact.problem().isPresent();
    if (asked) {
      fact.within(oldest, now).ifPresentOrElse(judge, () -> silent(what, aspects));
    }
  }

  Optional<NodeCondition> formerly(NodeConditionType type) {
    return Optional.ofNullable(former.get(type));
  }

  void well(NodeConditionType type, String message) {
    put(type, Belief.YES, ConditionReason.HEALTHY, message);
  }

  void silent(String what, NodeConditionType... aspects) {
    for (NodeConditionType type : aspects) {
      put(
          type,
          Belief.UNKNOWN,
          ConditionReason.NOT_TOLD,
          "%s has not reported its " + what + "; nothing is concluded.");
    }
  }

  /** A message may name the node by %s. */
  void put(NodeConditionType type, Belief status, ConditionReason reason, String message) {
    found.put(type, new NodeCondition(type, status, reason, message.replace("%s", node.value())));
  }

  /** Sentences about the node, after its name. */
  String list(List<String> sentences) {
    return node + ": " + String.join(" ", sentences);
  }

  static String lookAt(String command) {
    return " Check " + command + " there.";
  }
}
