package io.pveha.core.formation;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.formation.FormationPlan.Phase;
import io.pveha.core.formation.FormationStep.CreateCluster;
import io.pveha.core.formation.FormationStep.JoinNode;
import io.pveha.core.formation.NodeView.Answer;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Outcome;
import io.pveha.core.plan.PendingStep;
import io.pveha.core.plan.StepKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Forms a cluster, one step at a time. Properties kept:
 *
 * <ol>
 *   <li>nothing is asked while any answer contradicts the spec: a foreign cluster, a wrong name;
 *   <li>the cluster is created only when every wanted node answers and is bare;
 *   <li>one node joins at a time, and only through a quorate member;
 *   <li>a step counts as done when members say so, never by the fate of a task or connection.
 * </ol>
 */
public final class FormationPlanner {

  /** How long a request may be on its way to a node. */
  private static final Duration SETTLING = Duration.ofSeconds(5);

  private final WantedCluster wanted;
  private final Memory memory;
  private final Gate<FormationStep> gate;
  private final Optional<NodeName> savedFirst;
  private final NodeChecks checks;

  private FormationPlanner(
      WantedCluster wanted,
      Map<NodeName, NodeView> views,
      Optional<NodeName> savedFirst,
      Memory memory,
      Gate<FormationStep> gate) {
    this.wanted = wanted;
    this.checks = new NodeChecks(wanted, views, memory, gate);
    this.savedFirst = savedFirst;
    this.memory = memory;
    this.gate = gate;
  }

  /**
   * Plans.
   *
   * @param views what each wanted node said; missing while it has not been asked
   * @param savedFirst the node on which a create was asked before, from saved status
   * @param factsAt when the views were asked for
   */
  public static FormationPlan plan(
      WantedCluster wanted,
      Map<NodeName, NodeView> views,
      Optional<NodeName> savedFirst,
      Memory memory,
      Instant factsAt,
      Instant now) {
    Memory seen = withWhatNodesSay(memory, views, factsAt);
    return new FormationPlanner(wanted, views, savedFirst, seen, new Gate<>(seen, factsAt, now))
        .plan();
  }

  /**
   * A request whose answer never came was not received, or came to nothing, if its node is still
   * bare and has no such task, long enough after it can have been sent.
   */
  private static Memory withWhatNodesSay(
      Memory memory, Map<NodeName, NodeView> views, Instant factsAt) {
    Map<StepKey, Outcome> outcomes = new HashMap<>(memory.outcomes());
    for (PendingStep pending : memory.pending()) {
      boolean unknown = memory.outcome(pending.key()).state() == Outcome.State.UNKNOWN;
      Optional<Answer> node =
          pending
              .node()
              .map(NodeName::new)
              .flatMap(name -> Optional.ofNullable(views.get(name)))
              .flatMap(NodeView::answer)
              .filter(answer -> answer.clusterName().isEmpty());
      if (unknown && node.isPresent()) {
        boolean settled = factsAt.isAfter(pending.startedAt().plus(SETTLING));
        if (node.get().busy()) {
          outcomes.put(pending.key(), Outcome.RUNNING);
        } else if (settled) {
          outcomes.put(
              pending.key(),
              Outcome.failed(
                  ConditionReason.TASK_FAILED, "nothing: no answer came and no task is running"));
        }
      }
    }
    return new Memory(memory.pending(), outcomes);
  }

  private FormationPlan plan() {
    // A request without an answer is settled by looking, not by waiting for its deadline.
    memory.pending().stream()
        .filter(pending -> memory.outcome(pending.key()).state() == Outcome.State.UNKNOWN)
        .map(pending -> pending.startedAt().plus(SETTLING).plusSeconds(1))
        .map(at -> at.isAfter(gate.now()) ? at : gate.now().plusSeconds(1))
        .forEach(gate::lookAgainAt);
    boolean sound =
        wanted.nodes().stream().filter(checks::isAsExpected).count() == wanted.nodes().size();
    Optional<Answer> inside = checks.bestView();
    if (inside.isEmpty()) {
      return withoutCluster(sound);
    }
    List<NodeName> members =
        wanted.nodes().stream().map(WantedCluster.Node::name).filter(inside.get()::lists).toList();
    boolean unlisted = reportUnlisted(inside.get());
    if (members.size() == wanted.nodes().size() && !isJoinUnderWay(inside.get())) {
      return formed(members, sound && (wanted.create() || !unlisted));
    }
    return wanted.create() ? joining(inside.get(), members, sound) : missingMembers(members);
  }

  private FormationPlan withoutCluster(boolean sound) {
    if (!wanted.create()) {
      if (sound) {
        gate.find(
            Finding.blocks(
                ConditionReason.NODE_NOT_BARE,
                "spec.formation is Adopt, but no node is in a cluster; write Create, or make"
                    + " cluster "
                    + wanted.name()
                    + " in Proxmox."));
      }
      return result(Phase.PENDING, List.of(), Optional.empty(), true);
    }
    WantedCluster.Node first = firstNode();
    boolean ready = sound && wanted.nodes().stream().allMatch(this::canTakePart);
    gate.want(new CreateCluster(first.name(), wanted.name(), first.links(), first.votes()));
    wanted.nodes().stream()
        .filter(node -> !node.name().equals(first.name()))
        .forEach(node -> gate.wantLater(join(node, first.name())));
    boolean asked =
        memory.pending().stream().anyMatch(p -> p.key().action().equals(CreateCluster.ACTION));
    return result(
        ready || asked ? Phase.CREATING : Phase.PENDING, List.of(), Optional.empty(), !ready);
  }

  private FormationPlan formed(List<NodeName> members, boolean sound) {
    return result(Phase.FORMED, members, Optional.empty(), !sound);
  }

  private FormationPlan missingMembers(List<NodeName> members) {
    wanted.nodes().stream()
        .filter(node -> !members.contains(node.name()))
        .filter(node -> !checks.isMisnamed(node))
        .forEach(
            node ->
                gate.find(
                    Finding.blocks(
                        ConditionReason.NODE_UNKNOWN,
                        "%s is not a member of cluster %s; remove it from spec.nodes, or write"
                                .formatted(node.name().value(), wanted.name())
                            + " formation: Create to have it joined.")));
    return result(Phase.JOINING, members, Optional.empty(), true);
  }

  private FormationPlan joining(Answer inside, List<NodeName> members, boolean sound) {
    Optional<NodeName> underWay = underWay(inside);
    if (underWay.isPresent() && members.contains(underWay.get())) {
      JoinNode step = join(wanted.node(underWay.get()).orElseThrow(), peer(members));
      gate.keep(step.key(), step.sentence());
      laterJoins(members, peer(members), underWay);
      return result(Phase.JOINING, members, underWay, false);
    }
    if (!inside.quorate()) {
      gate.find(
          Finding.delays(
              ConditionReason.QUORUM_LOST,
              "Cluster %s is not quorate, so no node can join; bring its members back online."
                  .formatted(wanted.name())));
      laterJoins(members, peer(members), Optional.empty());
      return result(Phase.JOINING, members, underWay, true);
    }
    Optional<WantedCluster.Node> next =
        underWay
            .flatMap(wanted::node)
            .or(
                () ->
                    wanted.nodes().stream()
                        .filter(node -> !members.contains(node.name()))
                        .filter(this::canTakePart)
                        .findFirst());
    if (underWay.isPresent() && !next.map(this::canTakePart).orElse(false)) {
      JoinNode step = join(next.orElseThrow(), peer(members));
      gate.keep(step.key(), step.sentence());
      laterJoins(members, peer(members), underWay);
      return result(Phase.JOINING, members, underWay, false);
    }
    next.ifPresent(node -> gate.want(join(node, peer(members))));
    laterJoins(members, peer(members), next.map(WantedCluster.Node::name));
    return result(
        Phase.JOINING, members, next.map(WantedCluster.Node::name), next.isEmpty() || !sound);
  }

  /** The member to join through: the first of the list that answers and is quorate. */
  private NodeName peer(List<NodeName> members) {
    return members.stream()
        .filter(
            name -> checks.answer(name).filter(a -> checks.isOurs(a) && a.quorate()).isPresent())
        .findFirst()
        .orElse(members.get(0));
  }

  private void laterJoins(List<NodeName> members, NodeName peer, Optional<NodeName> except) {
    wanted.nodes().stream()
        .filter(node -> !members.contains(node.name()))
        .filter(node -> except.filter(node.name()::equals).isEmpty())
        .forEach(node -> gate.wantLater(join(node, peer)));
  }

  private JoinNode join(WantedCluster.Node node, NodeName peer) {
    return new JoinNode(node.name(), peer, node.links(), node.votes());
  }

  /** The node that joins now: asked, and not yet seen as a member by a member and by itself. */
  private Optional<NodeName> underWay(Answer inside) {
    return memory.pending().stream()
        .filter(pending -> pending.key().action().equals(JoinNode.ACTION))
        .map(PendingStep::key)
        .map(key -> new NodeName(key.subject()))
        .filter(name -> wanted.node(name).isPresent())
        .filter(name -> !hasArrived(name, inside))
        .findFirst();
  }

  private boolean isJoinUnderWay(Answer inside) {
    return underWay(inside).isPresent();
  }

  private boolean hasArrived(NodeName name, Answer inside) {
    boolean seenInside = inside.quorate() && inside.seesOnline(name);
    boolean seenItself =
        checks
            .answer(name)
            .filter(own -> checks.isOurs(own) && own.quorate() && own.lists(inside.self()))
            .isPresent();
    return seenInside && seenItself;
  }

  private boolean reportUnlisted(Answer inside) {
    List<String> unlisted =
        inside.members().stream()
            .map(NodeView.Member::name)
            .filter(name -> wanted.node(name).isEmpty())
            .filter(name -> !checks.isMisnamed(name))
            .map(NodeName::value)
            .sorted()
            .toList();
    if (!unlisted.isEmpty()) {
      String message =
          "Cluster %s also has the member %s; add it to spec.nodes, or remove it from the cluster."
              .formatted(wanted.name(), String.join(", ", unlisted));
      gate.find(
          wanted.create()
              ? Finding.informs(ConditionReason.UNLISTED_MEMBER, message)
              : Finding.blocks(ConditionReason.UNLISTED_MEMBER, message));
    }
    return !unlisted.isEmpty();
  }

  private boolean canTakePart(WantedCluster.Node node) {
    return checks.canTakePart(node, firstNode().name());
  }

  private WantedCluster.Node firstNode() {
    return savedFirst.flatMap(wanted::node).orElse(wanted.nodes().get(0));
  }

  private FormationPlan result(
      Phase phase, List<NodeName> members, Optional<NodeName> joining, boolean hold) {
    Optional<NodeName> first =
        Stream.concat(
                savedFirst.stream(),
                phase == Phase.CREATING ? Stream.of(firstNode().name()) : Stream.empty())
            .findFirst();
    return new FormationPlan(phase, first, joining, members, hold ? gate.blocked() : gate.plan());
  }
}
