package io.pveha.core.guest;

import io.pveha.core.cluster.NodeName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The node that a new guest is made on: the first candidate that is a member, online, takes new
 * guests, and has the storage.
 *
 * @param node empty when none can take it now
 * @param best the chosen one, or the first candidate, which is the one to wait for
 * @param obstacles why each candidate before the chosen one can't take it, in their order
 */
public record NodeChoice(
    Optional<NodeName> node, NodeName best, Map<NodeName, Obstacle> obstacles) {

  /**
   * Why a node can't take it.
   *
   * @param lasting whether a person must act
   * @param ofStorage whether only the storage is missing
   */
  public record Obstacle(String words, boolean lasting, boolean ofStorage) {}

  /** Chooses from the candidates. */
  public static NodeChoice of(WantedGuest.Create create, GuestFacts facts) {
    Map<NodeName, Obstacle> obstacles = new LinkedHashMap<>();
    for (NodeName node : create.candidates()) {
      Optional<Obstacle> obstacle = obstacle(node, create, facts);
      if (obstacle.isEmpty()) {
        return new NodeChoice(Optional.of(node), node, obstacles);
      }
      obstacles.put(node, obstacle.get());
    }
    return new NodeChoice(Optional.empty(), create.candidates().get(0), obstacles);
  }

  private static Optional<Obstacle> obstacle(
      NodeName node, WantedGuest.Create create, GuestFacts facts) {
    if (!facts.members().containsKey(node)) {
      return Optional.of(new Obstacle("is not a member of the cluster", true, false));
    }
    if (!facts.members().get(node)) {
      return Optional.of(new Obstacle("is offline", false, false));
    }
    if (facts.keptAway().containsKey(node)) {
      return Optional.of(new Obstacle("is left out: " + facts.keptAway().get(node), false, false));
    }
    return create
        .storage()
        .filter(storage -> !facts.storages().getOrDefault(node, Set.of()).contains(storage))
        .map(storage -> new Obstacle("has no storage %s yet".formatted(storage), false, true));
  }

  /** Whether no candidate is a member, so that waiting does not help. */
  boolean isHopeless() {
    return node.isEmpty() && obstacles.values().stream().allMatch(Obstacle::lasting);
  }

  /** Whether it is a storage that is waited for, and nothing else. */
  boolean lacksStorage() {
    return obstacles.values().stream().allMatch(Obstacle::ofStorage);
  }

  /** Each node and why it can't take the guest. */
  String words() {
    return obstacles.entrySet().stream()
        .map(entry -> "%s %s".formatted(entry.getKey().value(), entry.getValue().words()))
        .collect(Collectors.joining("; "));
  }
}
