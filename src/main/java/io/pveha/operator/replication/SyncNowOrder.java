package io.pveha.operator.replication;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReplicationJobStatus.Sync;
import io.pveha.api.v1alpha1.ReplicationJobStatus.SyncNow;
import io.pveha.api.v1alpha1.SyncPhase;
import io.pveha.core.replication.SyncOrder;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The annotation {@code pveha.io/sync-now}, consumed once:
 *
 * <ol>
 *   <li>the order is saved in status, not accepted yet;
 *   <li>the annotation is removed; an operator that died in between finds the order and removes it;
 *   <li>the order is accepted by saving over an object that has no annotation any more, and only
 *       then is Proxmox asked. An annotation seen after that is a new order.
 * </ol>
 */
final class SyncNowOrder {

  private SyncNowOrder() {}

  /** Whether the owner asks, or asked and the annotation is still to be removed. */
  static boolean isAsked(ReplicationJob job) {
    return annotations(job).containsKey(ApiNames.SYNC_NOW);
  }

  private static Map<String, String> annotations(ReplicationJob job) {
    Map<String, String> annotations = job.getMetadata().getAnnotations();
    return annotations == null ? new HashMap<>() : new HashMap<>(annotations);
  }

  /** The order to be saved before the annotation is removed. */
  static SyncNow received(Optional<SyncNow> former, Instant now) {
    return former
        .filter(order -> !order.accepted())
        .orElseGet(() -> new SyncNow(now, false, null, null));
  }

  /** Sends what differs only, which is the annotation. */
  static void removeAnnotation(ReplicationJob job, KubernetesClient client) {
    client
        .resources(ReplicationJob.class)
        .inNamespace(job.getMetadata().getNamespace())
        .withName(job.getMetadata().getName())
        .edit(
            fresh -> {
              Map<String, String> kept = annotations(fresh);
              kept.remove(ApiNames.SYNC_NOW);
              fresh.getMetadata().setAnnotations(kept);
              return fresh;
            });
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
                        SyncOrder.Phase.valueOf(sync.phase().name()),
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
                        SyncPhase.valueOf(part.phase().name()),
                        part.message(),
                        part.formerSync().orElse(null),
                        part.formerTry().orElse(null)))
            .toList());
  }
}
