package io.pveha.operator.cluster;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ManagementPolicy;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterSpec;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.formation.FormationPlan;
import io.pveha.core.formation.FormationPlanner;
import io.pveha.core.formation.NodeView;
import io.pveha.core.plan.Memory;
import io.pveha.operator.owner.OwnershipState;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.operator.polling.Observation;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.Verdict;
import io.pveha.operator.steps.Work;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Brings a cluster one step nearer to being formed. */
final class ClusterFormation {

  private static final Duration AT_ONCE = Duration.ofMillis(50);

  private final ProxmoxClusterSpec spec;
  private final ProxmoxClusterStatus former;
  private final ClusterWatcher watcher;
  private final OwnershipState standing;
  private final BooleanSupplier mayStillForm;
  private final Work<ProxmoxClusterStatus, ProxmoxCluster> work;

  ClusterFormation(
      ProxmoxClusterSpec spec,
      ProxmoxClusterStatus former,
      ClusterWatcher watcher,
      OwnershipState standing,
      BooleanSupplier mayStillForm,
      Work<ProxmoxClusterStatus, ProxmoxCluster> work) {
    this.spec = spec;
    this.former = former;
    this.watcher = watcher;
    this.standing = standing;
    this.mayStillForm = mayStillForm;
    this.work = work;
  }

  /** Plans, acts and saves; tells when to look again. */
  Duration carryOn() {
    Observation seen = watcher.observation();
    Conditions conditions = new Conditions();
    if (seen.viewsAt().isEmpty()) {
      if (former.conditions().isEmpty()) {
        Verdict.reconciling(conditions, ConditionReason.IN_PROGRESS, "Querying the nodes.");
        work.report(former, conditions);
      }
      return Duration.ofSeconds(5);
    }
    boolean observeOnly =
        spec.managementPolicy() == ManagementPolicy.OBSERVE || !standing.mayForm();
    Memory memory = work.memory();
    FormationPlan plan =
        FormationPlanner.plan(
            WantedClusters.of(spec),
            seen.views(),
            Optional.ofNullable(former.formation())
                .map(ProxmoxClusterStatus.FormationProgress::firstNode)
                .map(NodeName::new),
            memory,
            seen.viewsAt().get(),
            work.now());
    reportConnection(seen, plan, conditions);
    FormationReport.conditions(spec, plan, observeOnly, conditions);
    // What is wrong with the object itself is said first.
    standing
        .obstacle()
        .filter(unused -> standing.isBarred() && !conditions.holds(ConditionType.STALLED))
        .ifPresent(why -> Verdict.stalled(conditions, why.reason(), why.message()));
    ProxmoxClusterStatus status =
        FormationReport.status(spec, former, plan, watcher.access(), work.now());
    Duration pause =
        work.carryOut(
            plan.plan(),
            memory,
            work.formingPermit(observeOnly, seen.viewsAt().get(), mayStillForm),
            status,
            conditions,
            grant -> new FormationActions(watcher.access(), work.object(), grant));
    return FormationReport.isFormed(spec, status) ? AT_ONCE : pause;
  }

  /** A node that is silent because of our own step is no trouble. */
  private static void reportConnection(
      Observation seen, FormationPlan plan, Conditions conditions) {
    Map<NodeName, NodeView.Problem> silent = new TreeMap<>();
    seen.views().forEach((node, view) -> view.problem().ifPresent(why -> silent.put(node, why)));
    List<NodeName> expected = silent.keySet().stream().filter(plan::mayRestart).toList();
    silent.keySet().removeAll(expected);
    if (!silent.isEmpty()) {
      NodeView.Problem problem = silent.values().iterator().next();
      conditions.isFalse(ConditionType.CONNECTED, problem.reason(), problem.message());
    } else {
      conditions.isTrue(
          ConditionType.CONNECTED,
          ConditionReason.HEALTHY,
          expected.isEmpty()
              ? "Every node answers."
              : "Every node answers but %s, which restarts its services."
                  .formatted(expected.get(0)));
    }
  }
}
