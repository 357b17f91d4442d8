package io.pveha.operator.replication;

import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReplicationJobStatus.Sync;
import io.pveha.api.v1alpha1.ReplicationJobStatus.SyncNow;
import io.pveha.core.replication.SyncOrder;
import io.pveha.operator.host.OrderAnnotation;
import java.time.Instant;
import java.util.Optional;

/**
 * The annotation {@code pveha.io/sync-now}, consumed once:
 *
 * <ol>
 *   <li>the order is saved in status, not accepted yet;
 *   <li>the annotation is removed, unless it was written again meanwhile; that, and an operator
 *       that died in between, go through the same again;
 *   <li>the order is accepted by saving over an object that has no annotation any more, and only
 *       then is Proxmox asked. An annotation seen after that is a new order.
 * </ol>
 */
final class SyncNowOrder {

  static final OrderAnnotation ANNOTATION = new OrderAnnotation(ApiNames.SYNC_NOW);

  private SyncNowOrder() {}

  /** Whether the owner asks, or asked and the annotation is still to be removed. */
  static boolean isAsked(ReplicationJob job) {
    return ANNOTATION.value(job).isPresent();
  }

  /** The order to be saved before the annotation is removed. */
  static SyncNow received(Optional<SyncNow> former, Instant now) {
    return former
        .filter(order -> !order.accepted())
        .orElseGet(() -> new SyncNow(now, false, null, null));
  }

  /** As the planner takes it. */
  static SyncOrder order(SyncNow saved) {
    return new SyncOrder(
        saved.requestedAt(),
        Optional.ofNullable(saved.finishedAt()),
        saved.jobs().stream()
            .map(
                sync ->
                    new SyncOrder.Part(
                        sync.id(),
                        sync.phase(),
                        Optional.ofNullable(sync.message()).orElse(""),
                        Optional.ofNullable(sync.formerSync()),
                        Optional.ofNullable(sync.formerTry())))
            .toList());
  }

  /** As it is saved; it is accepted, since it was carried on. */
  static SyncNow saved(SyncOrder order) {
    return new SyncNow(
        order.requestedAt(),
        true,
        order.finishedAt().orElse(null),
        order.parts().stream()
            .map(
                part ->
                    new Sync(
                        part.id(),
                        part.phase(),
                        part.message(),
                        part.formerSync().orElse(null),
                        part.formerTry().orElse(null)))
            .toList());
  }
}
