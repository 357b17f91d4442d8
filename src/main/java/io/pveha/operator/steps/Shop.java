package io.pveha.operator.steps;

import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.pveha.api.v1alpha1.ReportedStatus;
import io.pveha.operator.lists.KubernetesLists;
import io.pveha.operator.metrics.OperatorMetrics;
import io.pveha.operator.polling.Watchers;
import io.pveha.operator.probe.Probes;
import io.pveha.operator.status.FailedReconciliation;
import io.pveha.operator.status.Transitions;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What every reconciler works with.
 *
 * @param lists whether what is read in Kubernetes is known
 * @param watchers what is known of the clusters
 * @param probes ask guests whether they answer
 * @param outcomes what became of requests
 * @param transitions where changes are told
 * @param metrics where figures are kept
 * @param leads whether this process leads, of several replicas, at the moment that this is asked
 */
public record Shop(
    KubernetesLists lists,
    Watchers watchers,
    Probes probes,
    OutcomeBook outcomes,
    Transitions transitions,
    OperatorMetrics metrics,
    Clock clock,
    BooleanSupplier leads) {

  /**
   * Whether an object has to wait, since its controller can't know in Kubernetes what it rests on.
   * The object says so, unless that may be over in a moment.
   */
  public <S extends ReportedStatus<S>, P extends CustomResource<?, S>> boolean mustWait(
      Watchers.Kind kind, P object, S former, Context<P> context) {
    Optional<KubernetesLists.Gap> gap = lists.gap(kind.name());
    gap.filter(KubernetesLists.Gap::lasting)
        .ifPresent(why -> failed().unknown(object, former, context, why.message()));
    return gap.isPresent();
  }

  /** Where a reconciler tells that it failed. */
  public FailedReconciliation failed() {
    return new FailedReconciliation(clock, transitions);
  }
}
