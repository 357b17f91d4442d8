package io.pveha.core.formation;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.formation.FormationStep.CreateCluster;
import io.pveha.core.formation.NodeView.Answer;
import io.pveha.core.plan.Count;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.PendingStep;
import io.pveha.core.plan.Severity;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** Whether what nodes say of themselves fits the wanted cluster. */
final class NodeChecks {

  private final WantedCluster wanted;
  private final Map<NodeName, NodeView> views;
  private final Memory memory;
  private final Gate<FormationStep> gate;

  NodeChecks(
      WantedCluster wanted,
      Map<NodeName, NodeView> views,
      Memory memory,
      Gate<FormationStep> gate) {
    this.wanted = wanted;
    this.views = views;
    this.memory = memory;
    this.gate = gate;
  }

  /** Whether the spec has it under another name, which is said then, and not that it is missing. */
  boolean isMisnamed(NodeName self) {
    return wanted.nodes().stream()
        .filter(this::isMisnamed)
        .anyMatch(node -> views.get(node.name()).answer().orElseThrow().self().equals(self));
  }

  /** Whether the node at that address calls itself otherwise. */
  boolean isMisnamed(WantedCluster.Node node) {
    return Optional.ofNullable(views.get(node.name()))
        .flatMap(NodeView::answer)
        .filter(answer -> !answer.self().equals(node.name()))
        .isPresent();
  }

  /** Whether what this node said fits the spec; findings say what does not. */
  boolean isAsExpected(WantedCluster.Node node) {
    NodeView view = views.get(node.name());
    boolean joins = mayBeAway(node.name());
    if (view == null) {
      gate.find(
          Finding.delays(
              ConditionReason.WAITING_FOR_NODE, node.name().value() + " has not been asked yet."));
      return false;
    }
    if (view.problem().isPresent()) {
      NodeView.Problem problem = view.problem().get();
      // While it joins, a node drops connections, logins and its certificate.
      gate.find(
          joins
              ? Finding.delays(
                  ConditionReason.WAITING_FOR_NODE,
                  node.name().value() + " restarts its services, as it does when it joins.")
              : new Finding(gravity(problem.reason()), problem.reason(), problem.message()));
      return joins;
    }
    return isRightNode(node, view.answer().orElseThrow());
  }

  /** Whether a step was asked that lets this node be away for a while, and it is not overdue. */
  private boolean mayBeAway(NodeName name) {
    return memory.pending().stream()
        .filter(pending -> pending.deadline().isAfter(gate.now()))
        .map(PendingStep::key)
        .anyMatch(
            key -> key.action().equals(CreateCluster.ACTION) || key.subject().equals(name.value()));
  }

  private static Severity gravity(ConditionReason reason) {
    return reason == ConditionReason.WAITING_FOR_NODE ? Severity.DELAYS : Severity.BLOCKS;
  }

  private boolean isRightNode(WantedCluster.Node node, Answer answer) {
    if (!answer.self().equals(node.name())) {
      gate.find(
          Finding.blocks(
              ConditionReason.NODE_NAME_MISMATCH,
              "spec.nodes[%d].address: the node at %s calls itself %s, not %s; write its name, or"
                      .formatted(
                          wanted.nodes().indexOf(node),
                          node.address(),
                          answer.self().value(),
                          node.name().value())
                  + " the address of the node meant."));
      return false;
    }
    Optional<String> other = answer.clusterName().filter(name -> !name.equals(wanted.name()));
    if (other.isPresent()) {
      gate.find(
          Finding.blocks(
              ConditionReason.CLUSTER_NAME_MISMATCH,
              "spec.clusterName: %s is in cluster %s, not %s; write that name, or take the node off"
                      .formatted(node.name().value(), other.get(), wanted.name())
                  + " spec.nodes."));
      return false;
    }
    return true;
  }

  /** Whether it answers, and could create or join; findings say why not. */
  boolean canTakePart(WantedCluster.Node node, NodeName first) {
    Optional<Answer> answer = answer(node.name());
    if (answer.isEmpty() || !answer.get().self().equals(node.name())) {
      return false;
    }
    Optional<Answer> inside = bestView();
    if (answer.get().clusterName().isPresent()
        && inside.filter(view -> !view.lists(node.name())).isPresent()) {
      gate.find(
          Finding.blocks(
              ConditionReason.NODE_NOT_BARE,
              "%s is in another cluster that is also called %s; it must be reinstalled to join."
                  .formatted(node.name().value(), wanted.name())));
      return false;
    }
    boolean creates = inside.isEmpty() && node.name().equals(first);
    if (!creates && answer.get().guests() > 0) {
      gate.find(
          Finding.blocks(
              ConditionReason.NODE_NOT_BARE,
              "%s has %s, and Proxmox joins only nodes without; move or remove them, or list"
                      .formatted(node.name().value(), Count.of(answer.get().guests(), "guest"))
                  + " it first in spec.nodes so that it creates the cluster."));
      return false;
    }
    return true;
  }

  /** The member to believe: quorate before not, then the one who sees most, then by list order. */
  Optional<Answer> bestView() {
    Comparator<Answer> better =
        Comparator.comparing((Answer answer) -> !answer.quorate())
            .thenComparing(answer -> -answer.members().size());
    return wanted.nodes().stream()
        .map(WantedCluster.Node::name)
        .flatMap(name -> answer(name).filter(a -> a.self().equals(name)).stream())
        .filter(this::isOurs)
        .sorted(better)
        .findFirst();
  }

  boolean isOurs(Answer answer) {
    return answer.clusterName().filter(wanted.name()::equals).isPresent();
  }

  Optional<Answer> answer(NodeName name) {
    return Optional.ofNullable(views.get(name)).flatMap(NodeView::answer);
  }
}
