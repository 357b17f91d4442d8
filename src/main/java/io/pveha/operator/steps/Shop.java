package io.pveha.operator.steps;

import io.pveha.operator.lists.KubernetesLists;
import io.pveha.operator.metrics.Measures;
import io.pveha.operator.polling.Watchers;
import io.pveha.operator.probe.Probes;
import io.pveha.operator.status.FailedReconciliation;
import io.pveha.operator.status.Transitions;
import java.time.Clock;
import java.util.function.BooleanSupplier;

/**
 * What every reconciler works with.
 *
 * @param lists whether what is read in Kubernetes is known
 * @param watchers what is known of the clusters
 * @param probes ask guests whether they answer
 * @param outcomes what became of requests
 * @param transitions where changes are told
 * @param measures where figures are kept
 * @param leads whether this process leads, of several replicas, at the moment that this is asked
 */
public record Shop(
    KubernetesLists lists,
    Watchers watchers,
    Probes probes,
    OutcomeBook outcomes,
    Transitions transitions,
    Measures measures,
    Clock clock,
    BooleanSupplier leads) {

  /** Where a reconciler tells that it failed. */
  public FailedReconciliation failed() {
    return new FailedReconciliation(clock, transitions);
  }
}
