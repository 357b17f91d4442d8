package io.pveha.operator.health;

import io.fabric8.kubernetes.api.model.Condition;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.JobState;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterSpec;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.health.HealthDecision;
import io.pveha.core.health.HealthDecision.Complaint;
import io.pveha.core.health.HealthMemory;
import io.pveha.core.health.HealthMemory.Held;
import io.pveha.core.health.HealthMemory.Treatment;
import io.pveha.core.health.HealthSettings;
import io.pveha.core.health.HealthView;
import io.pveha.core.health.HeldReplica;
import io.pveha.core.health.NodeCondition;
import io.pveha.operator.connection.AccessProblem;
import io.pveha.operator.polling.FastFacts;
import io.pveha.operator.polling.HealthFacts;
import io.pveha.operator.polling.Observation;
import io.pveha.operator.readiness.DeviceVotes;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.steps.Work;
import io.pveha.proxmox.ClusterCalls.Member;
import io.pveha.proxmox.ClusterCalls.MembershipView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The health of all nodes in one pass: conditions from what is seen, one decision about all of
 * them, and what is reported of both.
 */
public final class NodesHealth {

  private final ProxmoxClusterSpec spec;
  private final ProxmoxClusterStatus former;
  private final Observation seen;
  private final List<HeldReplica> replicas;
  private final OutsideConditions outside;
  private final Instant now;
  private HealthMemory before = HealthMemory.EMPTY;
  private HealthDecision decision =
      new HealthDecision(HealthMemory.EMPTY, List.of(), Optional.empty());
  private List<ProxmoxClusterStatus.Node> nodes = List.of();

  public NodesHealth(
      ProxmoxClusterSpec spec,
      ProxmoxClusterStatus former,
      Observation seen,
      Collection<ReplicationJob> jobs,
      OutsideConditions outside,
      Instant now) {
    this.spec = spec;
    this.former = former;
    this.seen = seen;
    this.replicas = jobs.stream().flatMap(job -> replicas(job).stream()).toList();
    this.outside = outside;
    this.now = now;
  }

  private static List<HeldReplica> replicas(ReplicationJob object) {
    return object.reported().jobs().stream()
        .filter(job -> job.target() != null && job.vmid() != null)
        .filter(job -> job.state() != JobState.SUSPENDED && job.state() != JobState.REMOVING)
        .map(
            job ->
                new HeldReplica(
                    new NodeName(job.target()), job.vmid(), Optional.ofNullable(job.rpoMet())))
        .toList();
  }

  /** Conditions of each node, without what follows from the decision. */
  public Map<NodeName, List<Condition>> conditions() {
    Map<NodeName, List<Condition>> merged = new TreeMap<>();
    HealthFacts health = seen.health();
    health
        .conditions()
        .forEach(
            (node, found) -> {
              List<NodeCondition> all = new ArrayList<>(found);
              Optional<NodeCondition> held = HeldReplica.judge(node, replicas);
              held.ifPresent(all::add);
              if (spec.maintenance().contains(node.value())) {
                all.removeIf(condition -> condition.type() == NodeConditionType.MAINTENANCE);
                all.add(
                    new NodeCondition(
                        NodeConditionType.MAINTENANCE,
                        Belief.YES,
                        ConditionReason.IN_MAINTENANCE,
                        "%s is in spec.maintenance; take it off to use it again.".formatted(node)));
              }
              merged.put(
                  node,
                  NodeReport.merged(
                      all,
                      former
                          .node(node.value())
                          .map(ProxmoxClusterStatus.Node::conditions)
                          .orElse(List.of())
                          .stream()
                          // Of a node that holds no replica there is nothing to judge.
                          .filter(
                              condition ->
                                  held.isPresent()
                                      || !condition
                                          .getType()
                                          .equals(NodeConditionType.REPLICAS_FRESH.text()))
                          .toList(),
                      now));
            });
    return merged;
  }

  /** The status with what is decided, and the conditions that tell of it. */
  public ProxmoxClusterStatus decide(ProxmoxClusterStatus reported, Conditions conditions) {
    ProxmoxClusterStatus status =
        reported.withNodes(
            reported.nodes().stream()
                .map(
                    node ->
                        node.withConditions(outside.beside(node.name(), node.conditions(), now)))
                .toList());
    HealthSettings settings = HealthStatusMapper.settings(spec);
    before = HealthStatusMapper.remembered(former.health(), settings, now);
    decision = HealthDecision.decide(view(status), settings, before, now);
    nodes = status.nodes().stream().map(this::withCordon).toList();
    report(conditions);
    return status.withNodes(nodes).withHealth(HealthStatusMapper.saved(decision.memory()));
  }

  public Optional<Instant> lookAgain() {
    return decision.lookAgain();
  }

  private HealthView view(ProxmoxClusterStatus status) {
    Optional<FastFacts> fast = seen.fast().filter(unused -> seen.trouble().isEmpty());
    ProxmoxClusterStatus.Quorum quorum = status.quorum();
    int nodeVotes =
        status.nodes().stream().mapToInt(node -> Objects.requireNonNullElse(node.votes(), 1)).sum();
    return new HealthView(
        status.nodes().stream()
            .map(
                node -> {
                  NodeName name = new NodeName(node.name());
                  return new HealthView.Node(
                      name,
                      online(fast, name),
                      isTrue(node, NodeConditionType.MAINTENANCE),
                      Objects.requireNonNullElse(node.votes(), 1),
                      node.conditions().stream()
                          .map(condition -> NodeReport.read(name, condition, now))
                          .toList());
                })
            .toList(),
        unsure(fast),
        fast.filter(FastFacts::isQuorate).isPresent(),
        quorum == null || quorum.votesNeeded() == null ? nodeVotes : quorum.votesNeeded(),
        DeviceVotes.of(quorum, nodeVotes).cast());
  }

  private static Belief online(Optional<FastFacts> fast, NodeName node) {
    return fast.flatMap(facts -> facts.online(node))
        .map(online -> online ? Belief.YES : Belief.NO)
        .orElse(Belief.UNKNOWN);
  }

  private static boolean isTrue(ProxmoxClusterStatus.Node node, NodeConditionType type) {
    return node.conditions().stream()
        .anyMatch(
            condition ->
                condition.getType().equals(type.text()) && "True".equals(condition.getStatus()));
  }

  /** Two members that hold the quorum must agree who is online before anything is done. */
  public static Optional<String> unsure(Optional<FastFacts> fast) {
    if (fast.isEmpty()) {
      return Optional.of("No member could be asked in the last round.");
    }
    List<MembershipView> views = fast.get().answeringViews();
    if (views.size() < Math.min(2, fast.get().members().size())) {
      return Optional.of("Fewer than two members that hold the quorum could be asked.");
    }
    List<Set<NodeName>> online =
        views.stream()
            .map(
                view ->
                    view.members().stream()
                        .filter(Member::online)
                        .map(Member::name)
                        .collect(Collectors.toSet()))
            .distinct()
            .toList();
    return online.size() > 1
        ? Optional.of("Members contradict each other about who is online.")
        : Optional.empty();
  }

  private ProxmoxClusterStatus.Node withCordon(ProxmoxClusterStatus.Node node) {
    NodeName name = new NodeName(node.name());
    Optional<Treatment> treatment =
        decision.memory().treatments().stream()
            .filter(each -> each.node().equals(name) && each.isActive())
            .findFirst();
    NodeCondition cordoned;
    if (treatment.isPresent()) {
      cordoned =
          new NodeCondition(
              NodeConditionType.CORDONED,
              Belief.YES,
              ConditionReason.NODE_UNHEALTHY,
              "%s takes no new guests because of %s.".formatted(name, treatment.get().cause()));
    } else if (isTrue(node, NodeConditionType.MAINTENANCE)) {
      cordoned =
          new NodeCondition(
              NodeConditionType.CORDONED,
              Belief.YES,
              ConditionReason.IN_MAINTENANCE,
              "%s takes no new guests while it is in maintenance.".formatted(name));
    } else {
      cordoned =
          new NodeCondition(
              NodeConditionType.CORDONED,
              Belief.NO,
              ConditionReason.HEALTHY,
              "%s takes guests.".formatted(name));
    }
    return node.withConditions(NodeReport.merged(List.of(cordoned), node.conditions(), now));
  }

  private void report(Conditions conditions) {
    Optional<FastFacts> fast = seen.fast().filter(unused -> seen.trouble().isEmpty());
    String offline = names(fast, Belief.NO);
    String unsure = names(fast, Belief.UNKNOWN);
    String complaints =
        decision.complaints().stream()
            .map(Complaint::message)
            .distinct()
            .collect(Collectors.joining(" "));
    if (!offline.isEmpty()) {
      conditions.isFalse(
          ConditionType.NODES_HEALTHY, ConditionReason.NODE_OFFLINE, offline + " is offline.");
    } else if (!complaints.isEmpty()) {
      conditions.isFalse(ConditionType.NODES_HEALTHY, ConditionReason.NODE_UNHEALTHY, complaints);
    } else if (shutOut().isPresent()) {
      conditions.isUnknown(
          ConditionType.NODES_HEALTHY, shutOut().get().reason(), shutOut().get().message());
    } else if (!unsure.isEmpty()) {
      conditions.isUnknown(
          ConditionType.NODES_HEALTHY,
          ConditionReason.TOO_FEW_VIEWS,
          "Too few members answer to know the state of " + unsure + ".");
    } else if (outside.problem().isPresent()) {
      conditions.isUnknown(
          ConditionType.NODES_HEALTHY,
          ConditionReason.CONDITIONS_UNREADABLE,
          outside.problem().get());
    } else {
      conditions.isTrue(
          ConditionType.NODES_HEALTHY,
          ConditionReason.HEALTHY,
          "Every member is online and in good health.");
    }
    if (decision.memory().held().isEmpty()) {
      conditions.isFalse(
          ConditionType.ACTION_HELD_BACK, ConditionReason.HEALTHY, "No guard holds anything back.");
    } else {
      conditions.isTrue(
          ConditionType.ACTION_HELD_BACK,
          ConditionReason.GUARD_HOLDS,
          decision.memory().held().stream()
              .map(NodesHealth::sentence)
              .collect(Collectors.joining(" ")));
    }
  }

  /** Where the trouble is that the operator is denied access, or can't identify its peer. */
  private Optional<AccessProblem> shutOut() {
    return seen.health().conditions().values().stream()
        .flatMap(List::stream)
        .filter(condition -> condition.type() == NodeConditionType.REACHABLE)
        .filter(condition -> condition.status() == Belief.UNKNOWN)
        .filter(condition -> condition.reason() != ConditionReason.UNLISTED_MEMBER)
        .findFirst()
        .map(condition -> new AccessProblem(condition.reason(), condition.message()));
  }

  private String names(Optional<FastFacts> fast, Belief belief) {
    return nodes.stream()
        .map(node -> new NodeName(node.name()))
        .filter(node -> online(fast, node) == belief)
        .map(NodeName::value)
        .collect(Collectors.joining(", "));
  }

  private static String sentence(Held held) {
    var saved =
        HealthStatusMapper.saved(new HealthMemory(Optional.empty(), List.of(), List.of(held)));
    var row = saved.held().get(0);
    return "%s of %s (%s) is held back by %s: %s"
        .formatted(word(row.action()), row.node(), row.cause(), word(row.guard()), row.message());
  }

  /** As the API spells it. */
  private static String word(Enum<?> constant) {
    return java.util.Arrays.stream(constant.name().split("_"))
        .map(part -> part.charAt(0) + part.substring(1).toLowerCase(java.util.Locale.ROOT))
        .collect(Collectors.joining());
  }

  /** Tells what changed, once it is saved. */
  public void tell(Work<ProxmoxClusterStatus, ProxmoxCluster> work) {
    nodes.forEach(
        node ->
            tell(
                work,
                former
                    .node(node.name())
                    .map(ProxmoxClusterStatus.Node::conditions)
                    .orElse(List.of()),
                node.conditions()));
    for (Treatment treatment : decision.memory().treatments()) {
      boolean news =
          before.treatments().stream()
              .noneMatch(
                  was -> was.node().equals(treatment.node()) && was.action() == treatment.action());
      if (news) {
        work.tell(
            !treatment.isActive(),
            treatment.isActive()
                ? ConditionReason.NODE_UNHEALTHY.text()
                : ConditionReason.HEALTHY.text(),
            treatment.isActive()
                ? "%s of %s begins: %s"
                    .formatted(word(treatment.action()), treatment.node(), treatment.message())
                : treatment.message());
      }
    }
    if (!before.held().isEmpty()) {
      // The first of all is told by the condition.
      decision.memory().held().stream()
          .filter(held -> before.held().stream().noneMatch(was -> isSame(was, held)))
          .forEach(held -> work.tell(false, ConditionReason.GUARD_HOLDS.text(), sentence(held)));
    }
  }

  private static boolean isSame(Held one, Held other) {
    return one.node().equals(other.node())
        && one.action() == other.action()
        && one.guard() == other.guard();
  }

  private static void tell(
      Work<ProxmoxClusterStatus, ProxmoxCluster> work,
      List<Condition> before,
      List<Condition> conditions) {
    Map<String, List<Condition>> news = new LinkedHashMap<>();
    for (Condition condition : conditions) {
      Optional<NodeConditionType> type = NodeConditionType.of(condition.getType());
      Optional<Condition> was =
          before.stream().filter(c -> c.getType().equals(condition.getType())).findFirst();
      boolean same = was.filter(c -> c.getStatus().equals(condition.getStatus())).isPresent();
      if (type.isEmpty() || same || "Unknown".equals(condition.getStatus())) {
        continue;
      }
      boolean bad = isBad(type.get(), condition);
      boolean maintenance =
          type.get() == NodeConditionType.MAINTENANCE
              && (was.isPresent() || "True".equals(condition.getStatus()));
      if (bad || maintenance || was.filter(c -> isBad(type.get(), c)).isPresent()) {
        news.computeIfAbsent(condition.getMessage(), message -> new ArrayList<>()).add(condition);
      }
    }
    news.forEach(
        (message, changed) ->
            work.tell(
                changed.stream()
                    .noneMatch(c -> isBad(NodeConditionType.of(c.getType()).orElseThrow(), c)),
                changed.get(0).getReason(),
                changed.stream()
                        .map(c -> c.getType() + " is " + c.getStatus())
                        .collect(Collectors.joining(", "))
                    + ": "
                    + message));
  }

  private static boolean isBad(NodeConditionType type, Condition condition) {
    return switch (condition.getStatus()) {
      case "True" -> NodeCondition.isBad(type, Belief.YES);
      case "False" -> NodeCondition.isBad(type, Belief.NO);
      default -> false;
    };
  }
}
