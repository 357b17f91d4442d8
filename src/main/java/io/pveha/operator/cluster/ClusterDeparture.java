package io.pveha.operator.cluster;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.operator.connection.AccessProblem;
import io.pveha.operator.host.Departure;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.Verdict;
import java.util.Optional;

/**
 * A ProxmoxCluster that is being deleted. It stays until all that belongs to it is gone, since
 * their deletion policies are carried out through it.
 *
 * @param problem why Proxmox can't be asked now; empty when it can
 */
record ClusterDeparture(
    ProxmoxCluster cluster, Dependants dependants, Optional<AccessProblem> problem) {

  /** Given up, it still waits for those that go by its word. */
  boolean mayGo() {
    return isAbandoned() ? dependants.leaving().isEmpty() : dependants.isEmpty();
  }

  boolean isAbandoned() {
    return Departure.isAbandoned(cluster);
  }

  /** Says what it waits for, and what lets it go. */
  void judge(Conditions conditions) {
    if (problem.isPresent()) {
      conditions.isFalse(ConditionType.CONNECTED, problem.get().reason(), problem.get().message());
    }
    if (!dependants.staying().isEmpty()) {
      Verdict.reconciling(
          conditions,
          ConditionReason.DELETION_BLOCKED,
          "Waiting for %s: delete what belongs to this ProxmoxCluster, too. To delete it alone: %s"
              .formatted(dependants.staying(), Departure.wayOut(cluster)));
    } else if (problem.isPresent()) {
      Verdict.reconciling(
          conditions,
          ConditionReason.DELETION_BLOCKED,
          "Waiting for %s, whose deletion policies can't be carried out: %s To delete all without, leaving Proxmox as it is: %s"
              .formatted(dependants, problem.get().message(), Departure.wayOut(cluster)));
    } else {
      Verdict.reconciling(
          conditions,
          ConditionReason.DELETING,
          "Waiting for the deletion of %s.".formatted(dependants));
    }
  }
}
