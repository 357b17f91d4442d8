package io.pveha.operator.cluster;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.FormationPhase;
import io.pveha.api.v1alpha1.ProxmoxClusterSpec;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.FormationProgress;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.formation.FormationPlan;
import io.pveha.core.plan.Count;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Severity;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tells how far a cluster is formed. */
final class FormationReport {

  private FormationReport() {}

  /** Whether saved status says that all nodes of the present spec are members. */
  static boolean isFormed(ProxmoxClusterSpec spec, ProxmoxClusterStatus status) {
    return status.formation() != null
        && status.formation().phase() == FormationPhase.FORMED
        && status
            .formation()
            .members()
            .containsAll(spec.nodes().stream().map(ProxmoxClusterSpec.Node::name).toList());
  }

  static ProxmoxClusterStatus status(
      ProxmoxClusterSpec spec,
      ProxmoxClusterStatus former,
      FormationPlan plan,
      ClusterAccess access,
      Instant now) {
    FormationProgress before =
        former.formation() == null
            ? new FormationProgress(null, null, null, null, null, null)
            : former.formation();
    boolean formed = plan.phase() == FormationPlan.Phase.FORMED && plan.plan().isDone();
    FormationProgress progress =
        new FormationProgress(
            formed ? FormationPhase.FORMED : phase(plan.phase()),
            plan.firstNode().map(NodeName::value).orElse(before.firstNode()),
            plan.joining().map(NodeName::value).orElse(null),
            plan.members().stream().map(NodeName::value).toList(),
            before.startedAt() == null && plan.phase() != FormationPlan.Phase.PENDING
                ? now
                : before.startedAt(),
            formed && before.completedAt() == null ? now : before.completedAt());
    return former.withFormation(progress).withNodes(nodes(spec, former, plan, access, now));
  }

  private static List<ProxmoxClusterStatus.Node> nodes(
      ProxmoxClusterSpec spec,
      ProxmoxClusterStatus former,
      FormationPlan plan,
      ClusterAccess access,
      Instant now) {
    return spec.nodes().stream()
        .map(
            node -> {
              Optional<ProxmoxClusterStatus.Node> before = former.node(node.name());
              boolean member = plan.members().contains(new NodeName(node.name()));
              return new ProxmoxClusterStatus.Node(
                  node.name(),
                  before.map(ProxmoxClusterStatus.Node::nodeId).orElse(null),
                  before.map(ProxmoxClusterStatus.Node::address).orElse(null),
                  before.map(ProxmoxClusterStatus.Node::online).orElse(null),
                  before.map(ProxmoxClusterStatus.Node::pveVersion).orElse(null),
                  node.votes(),
                  node.site(),
                  before.map(ProxmoxClusterStatus.Node::roles).orElse(null),
                  access.learned(new NodeName(node.name())).orElse(null),
                  before.map(ProxmoxClusterStatus.Node::joinedAt).orElse(member ? now : null),
                  before.map(ProxmoxClusterStatus.Node::conditions).orElse(null));
            })
        .toList();
  }

  static void conditions(
      ProxmoxClusterSpec spec, FormationPlan plan, boolean observeOnly, Conditions conditions) {
    Optional<Finding> blocking =
        plan.plan().findings().stream()
            .filter(finding -> finding.severity() == Severity.BLOCKS)
            .findFirst();
    if (plan.phase() == FormationPlan.Phase.FORMED && plan.plan().isDone()) {
      conditions.isTrue(
          ConditionType.FORMED,
          ConditionReason.FORMED,
          "Every node of the spec is a member of %s.".formatted(spec.clusterName()));
    } else {
      conditions.isFalse(
          ConditionType.FORMED,
          blocking.map(finding -> finding.reason()).orElse(reason(plan.phase())),
          blocking
              .map(Finding::message)
              .orElse(
                  "%d of %s joined %s."
                      .formatted(
                          plan.members().size(),
                          Count.of(spec.nodes().size(), "node"),
                          spec.clusterName())));
    }
    Verdict.of(plan.plan(), observeOnly, conditions, "The cluster is formed.");
    if (plan.plan().isDone()) {
      Verdict.reconciling(
          conditions,
          ConditionReason.IN_PROGRESS,
          "The cluster is formed; waiting for its first observation.");
    }
  }

  private static ConditionReason reason(FormationPlan.Phase phase) {
    return switch (phase) {
      case PENDING, FORMED -> ConditionReason.NOT_FORMED;
      case CREATING -> ConditionReason.CREATING;
      case JOINING -> ConditionReason.JOINING;
    };
  }

  private static FormationPhase phase(FormationPlan.Phase phase) {
    return switch (phase) {
      case PENDING -> FormationPhase.PENDING;
      case CREATING -> FormationPhase.CREATING;
      case JOINING, FORMED -> FormationPhase.JOINING;
    };
  }
}
