package io.pveha.core.health;

import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.Fact;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Reason;
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
  private final Map<Aspect, NodeCondition> former = new EnumMap<>(Aspect.class);
  private final Map<Aspect, NodeCondition> found = new EnumMap<>(Aspect.class);

  NodeFindings(NodeName node, List<NodeCondition> former, Instant now) {
    this.node = node;
    this.now = now;
    former.forEach(condition -> this.former.put(condition.aspect(), condition));
  }

  /** In the order of {@link Aspect}. */
  List<NodeCondition> all() {
    return List.copyOf(found.values());
  }

  /** Judges a fact; one that is older than that, or could not be learned, is Unknown. */
  <T> void judge(Fact<T> fact, Duration oldest, Consumer<T> judge, String what, Aspect... aspects) {
    boolean asked = fact.value().isPresent() || fact.problem().isPresent();
    if (asked) {
      fact.within(oldest, now).ifPresentOrElse(judge, () -> silent(what, aspects));
    }
  }

  Optional<NodeCondition> formerly(Aspect aspect) {
    return Optional.ofNullable(former.get(aspect));
  }

  void well(Aspect aspect, String message) {
    put(aspect, Belief.YES, Reason.HEALTHY, message);
  }

  void silent(String what, Aspect... aspects) {
    for (Aspect aspect : aspects) {
      put(
          aspect,
          Belief.UNKNOWN,
          Reason.NOT_TOLD,
          "%s has not told of its " + what + "; nothing is concluded.");
    }
  }

  /** A message may name the node by %s. */
  void put(Aspect aspect, Belief status, Reason reason, String message) {
    found.put(
        aspect, new NodeCondition(aspect, status, reason, message.replace("%s", node.value())));
  }

  /** Sentences about the node, after its name. */
  String list(List<String> sentences) {
    return node + ": " + String.join(" ", sentences);
  }

  static String lookAt(String command) {
    return " Look at " + command + " there.";
  }
}
