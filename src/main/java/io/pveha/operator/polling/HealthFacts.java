package io.pveha.operator.polling;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeFacts;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.PoolName;
import io.pveha.core.cluster.StorageId;
import io.pveha.core.health.Heartbeat;
import io.pveha.core.health.NodeCondition;
import io.pveha.core.health.NodeConditions;
import io.pveha.core.health.NodeSignals;
import io.pveha.proxmox.ClusterCalls.Member;
import io.pveha.proxmox.HaCalls.Lrm;
import io.pveha.proxmox.StorageCalls.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What is known of the health of nodes, and what follows from it.
 *
 * @param nodes what nodes told of themselves, each fact with its age
 * @param agents what HA agents wrote last
 * @param problems why nodes do not answer
 * @param conditions what follows, by node; empty before the first round
 */
public record HealthFacts(
    Map<NodeName, NodeFacts> nodes,
    Map<NodeName, Heartbeat> agents,
    Map<NodeName, ConditionReason> problems,
    SortedMap<NodeName, List<NodeCondition>> conditions) {

  static final HealthFacts NONE =
      new HealthFacts(Map.of(), Map.of(), Map.of(), Collections.emptySortedMap());

  /** What was told before says nothing of HA agents now. */
  private static final Duration OLDEST_LISTS = Duration.ofSeconds(15);

  public HealthFacts {
    nodes = Map.copyOf(nodes);
    agents = Map.copyOf(agents);
    problems = Map.copyOf(problems);
    conditions = Collections.unmodifiableSortedMap(new TreeMap<>(conditions));
  }

  HealthFacts told(Map<NodeName, UnaryOperator<NodeFacts>> answers) {
    Map<NodeName, NodeFacts> merged = new TreeMap<>(nodes);
    answers.forEach(
        (node, answer) ->
            merged.put(node, answer.apply(merged.getOrDefault(node, NodeFacts.UNKNOWN))));
    return new HealthFacts(merged, agents, problems, conditions);
  }

  /**
   * Only a member that holds the quorum reads what agents write now.
   *
   * @param anew whether that was read since it was last told
   */
  HealthFacts read(FastFacts fast, boolean anew) {
    Map<NodeName, Heartbeat> beats = new TreeMap<>(agents);
    if (anew && fast.isQuorate()) {
      fast.ha()
          .lrms()
          .forEach(
              (name, lrm) ->
                  beats.compute(
                      new NodeName(name),
                      (node, former) ->
                          Heartbeat.read(Optional.ofNullable(former), lrm.timestamp(), fast.at())));
    }
    return new HealthFacts(nodes, beats, fast.problems(), conditions);
  }

  /** Why those did not answer that were asked. */
  HealthFacts unanswered(Map<NodeName, ConditionReason> why) {
    return new HealthFacts(nodes, agents, why, conditions);
  }

  /** With what follows from all that is known now. */
  HealthFacts judged(FastFacts fast, Optional<SlowFacts> slow, Instant now) {
    return new HealthFacts(
        nodes,
        agents,
        problems,
        NodeConditions.of(
            fast.members().stream().map(member -> signals(member, fast, slow, now)).toList(),
            conditions,
            now));
  }

  private NodeSignals signals(
      Member member, FastFacts fast, Optional<SlowFacts> slow, Instant now) {
    NodeName node = member.name();
    boolean young = !fast.seenAt().plus(Membership.OLDEST).isBefore(now);
    boolean toldLately = !fast.at().plus(OLDEST_LISTS).isBefore(now);
    Optional<String> haState =
        Optional.ofNullable(fast.ha().manager().nodeStatus().get(node.value()));
    Optional<Lrm> lrm = Optional.ofNullable(fast.ha().lrms().get(node.value()));
    List<Storage> storages =
        slow.stream()
            .flatMap(facts -> facts.storages().stream())
            .filter(storage -> !storage.disable() && storage.nodeList().contains(node.value()))
            .toList();
    return new NodeSignals(
        node,
        problem(node, fast),
        young
            ? fast.online(node)
                .map(online -> online ? Belief.YES : Belief.NO)
                .orElse(Belief.UNKNOWN)
            : Belief.UNKNOWN,
        Optional.ofNullable(agents.get(node))
            .filter(unused -> young && toldLately && fast.isQuorate()),
        haState,
        haState.filter("maintenance"::equals).isPresent()
            || lrm.filter(agent -> "maintenance".equals(agent.mode())).isPresent(),
        nodes.getOrDefault(node, NodeFacts.UNKNOWN),
        expectedPools(storages),
        storages.stream()
            .map(storage -> new StorageId(storage.storage()))
            .collect(Collectors.toSet()));
  }

  /** A member that is neither silent nor has a view was not asked: no spec says where it is. */
  private Optional<ConditionReason> problem(NodeName node, FastFacts fast) {
    return Optional.ofNullable(problems.get(node))
        .or(
            () ->
                fast.views().containsKey(node)
                    ? Optional.empty()
                    : Optional.of(ConditionReason.UNLISTED_MEMBER));
  }

  /** A storage may use a data set of a pool, as in {@code rpool/data}. */
  private static Set<PoolName> expectedPools(List<Storage> storages) {
    return storages.stream()
        .filter(storage -> "zfspool".equals(storage.type()) && storage.pool() != null)
        .map(storage -> new PoolName(storage.pool().replaceFirst("/.*", "")))
        .collect(Collectors.toSet());
  }
}
