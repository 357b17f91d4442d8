package io.pveha.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import io.pveha.api.v1alpha1.PendingTask;
import io.pveha.api.v1alpha1.ReportedStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * Saves the status of one object, under its optimistic lock and into the cache that the next
 * reconciliation reads, so that no decision is taken twice from a stale read.
 *
 * @param <S> type of the status
 * @param <P> type of the object
 */
public final class StatusWriter<S extends ReportedStatus<S>, P extends CustomResource<?, S>> {

  /**
   * JOSDK counts retries, not attempts: with one, what an old read led to would be saved anyway.
   */
  private static final int NO_RETRY = 0;

  private final Context<P> context;
  private final Clock clock;
  private final Transitions transitions;
  private P current;

  public StatusWriter(P object, Context<P> context, Clock clock, Transitions transitions) {
    this.current = object;
    this.context = context;
    this.clock = clock;
    this.transitions = transitions;
  }

  /**
   * Saves if anything differs from what is saved.
   *
   * @throws io.javaoperatorsdk.operator.OperatorException when the object has changed meanwhile;
   *     nothing may be acted on then, the next reconciliation decides again
   */
  public void save(S former, S status, Conditions conditions) {
    Instant now = clock.instant();
    List<Condition> merged =
        WayOut.in(
            conditions.mergedInto(former.conditions(), current.getMetadata().getGeneration(), now),
            current,
            now);
    S complete =
        status.withConditions(merged).withObservedGeneration(current.getMetadata().getGeneration());
    if (complete.equals(current.getStatus())) {
      return;
    }
    current =
        PrimaryUpdateAndCacheUtils.updateAndCacheResource(
            current,
            context,
            fresh -> with(fresh, complete),
            fresh -> context.getClient().resource(fresh).updateStatus(),
            NO_RETRY,
            PrimaryUpdateAndCacheUtils.DEFAULT_RESOURCE_CACHE_TIMEOUT_MILLIS,
            PrimaryUpdateAndCacheUtils.DEFAULT_RESOURCE_CACHE_POLL_PERIOD_MILLIS);
    transitions.announce(current, former.conditions(), merged);
  }

  /**
   * Saves only what was asked of Proxmox, whatever else has changed meanwhile: this is no decision
   * but the memory of one, and must not be lost.
   */
  public void keepTasks(List<PendingTask> tasks) {
    current =
        PrimaryUpdateAndCacheUtils.updateAndCacheResource(
            current,
            context,
            fresh -> with(fresh, fresh.getStatus().withPendingTasks(tasks)),
            fresh -> context.getClient().resource(fresh).updateStatus());
  }

  /** The object as it is saved now. */
  public P current() {
    return current;
  }

  private P with(P object, S status) {
    object.setStatus(status);
    return object;
  }
}
