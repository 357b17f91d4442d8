package io.pveha.operator.pool;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionStatus;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.PoolState;
import io.pveha.api.v1alpha1.ZfsPoolSpec;
import io.pveha.api.v1alpha1.ZfsPoolStatus;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Count;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Plan;
import io.pveha.core.storage.MadePool;
import io.pveha.core.storage.PoolFacts;
import io.pveha.core.storage.PoolStep;
import io.pveha.core.storage.PoolStep.CreatePool;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.Verdict;
import io.pveha.proxmox.StorageCalls.Pool;
import io.pveha.proxmox.StorageCalls.PoolDetail;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells how the pools and their storage stand. */
final class PoolReport {

  private static final Set<ConditionReason> ABOUT_POOLS =
      Set.of(
          ConditionReason.POOL_DEGRADED,
          ConditionReason.POOL_FAILED,
          ConditionReason.POOL_LOST,
          ConditionReason.WAITING_FOR_NODE);

  private final ZfsPoolSpec spec;
  private final ZfsPoolStatus former;
  private final ClusterFacts facts;
  private final PoolFacts slice;
  private final SortedSet<NodeName> leaving;
  private final PoolPresence presence;
  private final Plan<PoolStep> plan;
  private final boolean observeOnly;

  PoolReport(
      ZfsPoolSpec spec,
      ZfsPoolStatus former,
      ClusterFacts facts,
      PoolFacts slice,
      SortedSet<NodeName> leaving,
      PoolPresence presence,
      Plan<PoolStep> plan,
      boolean observeOnly) {
    this.spec = spec;
    this.former = former;
    this.facts = facts;
    this.slice = slice;
    this.leaving = leaving;
    this.presence = presence;
    this.plan = plan;
    this.observeOnly = observeOnly;
  }

  ZfsPoolStatus status() {
    List<ZfsPoolStatus.Node> nodes =
        spec.nodes().stream()
            .map(
                wanted ->
                    node(wanted)
                        .withPresence(presence.remembered().get(new NodeName(wanted.name()))))
            .toList();
    return new ZfsPoolStatus(
        former.observedGeneration(),
        former.conditions(),
        former.plannedChanges(),
        former.pendingTasks(),
        healthy(nodes) + "/" + nodes.size(),
        slice
            .storage()
            .map(
                storage ->
                    new ZfsPoolStatus.Storage(spec.storageId(), List.copyOf(storage.nodes())))
            .orElse(null),
        Stream.concat(nodes.stream(), leaving()).toList(),
        former.seal());
  }

  /** Kept in status as long as they are on the storage, since nothing else remembers them. */
  private Stream<ZfsPoolStatus.Node> leaving() {
    return leaving.stream()
        .flatMap(node -> former.node(node.value()).stream())
        .map(
            node ->
                node.withMessage("No longer in spec.nodes; it is being removed from the storage."));
  }

  void conditions(ZfsPoolStatus status, Conditions conditions) {
    long healthy =
        healthy(status.nodes().stream().filter(n -> spec.node(n.name()).isPresent()).toList());
    List<Finding> about =
        plan.findings().stream().filter(f -> ABOUT_POOLS.contains(f.reason())).toList();
    if (healthy == spec.nodes().size()) {
      conditions.isTrue(
          ConditionType.POOLS_HEALTHY,
          ConditionReason.HEALTHY,
          "Pool %s is online on every node.".formatted(spec.poolName()));
    } else {
      conditions.isFalse(
          ConditionType.POOLS_HEALTHY,
          about.isEmpty() ? ConditionReason.CREATING : about.get(0).reason(),
          about.isEmpty()
              ? "Pool %s is online on %d of %d nodes."
                  .formatted(spec.poolName(), healthy, spec.nodes().size())
              : about.stream().map(Finding::message).collect(Collectors.joining(" ")));
    }
    storage(status, conditions);
    Verdict.of(
        plan,
        observeOnly,
        conditions,
        "Pool %s is well on %s and storage %s is ready."
            .formatted(spec.poolName(), Count.of(healthy, "node"), spec.storageId()));
  }

  private void storage(ZfsPoolStatus status, Conditions conditions) {
    Optional<Finding> inactive =
        plan.findings().stream()
            .filter(
                f ->
                    f.reason() == ConditionReason.STORAGE_INACTIVE
                        || f.reason() == ConditionReason.STORAGE_ID_TAKEN
                        || f.reason() == ConditionReason.STORAGE_NOT_VISIBLE
                            && status.storage() == null)
            .findFirst();
    if (inactive.isPresent()) {
      conditions.set(
          ConditionType.STORAGE_READY,
          inactive.get().reason() == ConditionReason.STORAGE_NOT_VISIBLE
              ? ConditionStatus.UNKNOWN
              : ConditionStatus.FALSE,
          inactive.get().reason(),
          inactive.get().message());
    } else if (status.storage() == null) {
      conditions.isFalse(
          ConditionType.STORAGE_READY,
          ConditionReason.CREATING,
          "Storage %s is made once every node has the pool.".formatted(spec.storageId()));
    } else {
      conditions.isTrue(
          ConditionType.STORAGE_READY,
          ConditionReason.HEALTHY,
          "Storage %s %s%s."
              .formatted(
                  spec.storageId(),
                  status.storage().nodes().isEmpty()
                      ? "is for all nodes"
                      : "lists " + String.join(", ", status.storage().nodes()),
                  guests(status.storage())));
    }
  }

  /** Nodes that others put on the storage. */
  private String guests(ZfsPoolStatus.Storage storage) {
    List<String> others =
        storage.nodes().stream().filter(node -> spec.node(node).isEmpty()).toList();
    return others.isEmpty()
        ? ""
        : "; %s %s not in spec.nodes"
            .formatted(String.join(", ", others), others.size() == 1 ? "is" : "are");
  }

  private static long healthy(List<ZfsPoolStatus.Node> nodes) {
    return nodes.stream().filter(node -> node.state() == PoolState.ONLINE).count();
  }

  private ZfsPoolStatus.Node node(ZfsPoolSpec.Node wanted) {
    NodeName name = new NodeName(wanted.name());
    PoolFacts.Node found = slice.nodes().get(name);
    Optional<ZfsPoolStatus.Node> before = former.node(wanted.name());
    List<String> disks = disks(name, before);
    List<String> ids = ids(name, before).ids();
    if (found == null) {
      return new ZfsPoolStatus.Node(
          wanted.name(),
          PoolState.UNKNOWN,
          null,
          null,
          null,
          null,
          null,
          null,
          disks,
          ids,
          null,
          "The node is unreachable now.",
          null);
    }
    if (found.pool().isEmpty()) {
      return new ZfsPoolStatus.Node(
          wanted.name(),
          isCreating(name) ? PoolState.CREATING : PoolState.MISSING,
          null,
          null,
          null,
          null,
          null,
          null,
          disks,
          ids,
          found.storageActive().orElse(null),
          Optional.ofNullable(presence.lost().get(name)).map(Finding::message).orElse(null),
          null);
    }
    SlowFacts.Node slow = facts.slow().nodes().get(name);
    Optional<Pool> pool =
        slow.pools().stream()
            .filter(p -> p.name().equals(spec.poolName()))
            .findFirst()
            .map(Pool::inSteps);
    Optional<PoolDetail> detail = Optional.ofNullable(slow.details().get(spec.poolName()));
    return new ZfsPoolStatus.Node(
        wanted.name(),
        state(found.pool().get().health()),
        pool.map(Pool::size).orElse(null),
        pool.map(Pool::alloc).orElse(null),
        pool.map(Pool::free).orElse(null),
        pool.map(Pool::frag).orElse(null),
        detail.map(PoolDetail::errors).orElse(null),
        detail.map(PoolDetail::scan).orElse(null),
        disks,
        ids,
        found.storageActive().orElse(null),
        detail.map(PoolDetail::status).orElse(null),
        null);
  }

  private List<String> disks(NodeName node, Optional<ZfsPoolStatus.Node> before) {
    return create(node)
        .map(CreatePool::disks)
        .orElse(before.map(ZfsPoolStatus.Node::disks).orElse(List.of()));
  }

  /** Kept until it is known that the pool was not made after all; another may make one then. */
  private MadePool ids(NodeName node, Optional<ZfsPoolStatus.Node> before) {
    Optional<CreatePool> create = create(node);
    if (create.isPresent()) {
      return observeOnly
          ? MadePool.NONE
          : MadePool.of(create.get(), slice.nodes().get(node).disks());
    }
    boolean wasMade =
        isCreating(node)
            || Optional.ofNullable(presence.remembered().get(node))
                .filter(remembered -> remembered.seenSince() != null)
                .isPresent();
    return before
        .filter(unused -> wasMade || !slice.nodes().containsKey(node))
        .map(row -> new MadePool(row.diskIds()))
        .orElse(MadePool.NONE);
  }

  private Optional<CreatePool> create(NodeName node) {
    return plan.now().stream()
        .filter(step -> step instanceof CreatePool)
        .map(step -> (CreatePool) step)
        .filter(step -> step.on().equals(node))
        .findFirst();
  }

  private boolean isCreating(NodeName node) {
    return Stream.concat(
            plan.pending().stream().map(step -> step.key()),
            plan.now().stream().map(step -> step.key()))
        .anyMatch(key -> key.subject().equals(node.value() + "/" + spec.poolName()));
  }

  private static PoolState state(String health) {
    return switch (health.toUpperCase(Locale.ROOT)) {
      case "ONLINE" -> PoolState.ONLINE;
      case "DEGRADED" -> PoolState.DEGRADED;
      case "FAULTED" -> PoolState.FAULTED;
      case "SUSPENDED" -> PoolState.SUSPENDED;
      case "OFFLINE" -> PoolState.OFFLINE;
      case "UNAVAIL" -> PoolState.UNAVAIL;
      case "REMOVED" -> PoolState.REMOVED;
      default -> PoolState.UNKNOWN;
    };
  }
}
