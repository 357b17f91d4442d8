package io.pveha.operator.ledger;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ReplicationJob;
import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/** How much data the owner of a guest can afford to lose, as its ReplicationJobs say. */
final class RecoveryPointObjective {

  private RecoveryPointObjective() {}

  /** The strictest; asked of the API, which happens only while a guest changes its node. */
  static Optional<Duration> of(HaResource guest, Context<HaResource> context) {
    int vmid = guest.getSpec().guest().vmid();
    try {
      return context
          .getClient()
          .resources(ReplicationJob.class)
          .inNamespace(guest.getMetadata().getNamespace())
          .list()
          .getItems()
          .stream()
          .filter(job -> job.getSpec().clusterRef().equals(guest.getSpec().clusterRef()))
          .filter(job -> covers(job, vmid))
          .map(job -> job.getSpec().rpoSeconds())
          .filter(Objects::nonNull)
          .min(Comparator.naturalOrder())
          .map(Duration::ofSeconds);
    } catch (KubernetesClientException unknownNow) {
      return Optional.empty();
    }
  }

  private static boolean covers(ReplicationJob job, int vmid) {
    return job.getSpec().guest() != null
        ? job.getSpec().guest().vmid() == vmid
        : job.reported().jobs().stream().anyMatch(row -> row.id().startsWith(vmid + "-"));
  }
}
