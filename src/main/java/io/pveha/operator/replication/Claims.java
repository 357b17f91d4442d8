package io.pveha.operator.replication;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.operator.host.Claimants;
import io.pveha.proxmox.GuestCalls.Guest;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which ReplicationJob has the say over a guest that several mean: the older of those that are not
 * being deleted.
 *
 * @param rivals the others of the same cluster
 */
record Claims(ReplicationJob self, List<ReplicationJob> rivals) {

  static Claims of(ReplicationJob self, Context<ReplicationJob> context) {
    return new Claims(
        self,
        context
            .getPrimaryCache()
            .list(self.getMetadata().getNamespace())
            .filter(other -> other.getSpec().clusterRef().equals(self.getSpec().clusterRef()))
            .filter(other -> !name(other).equals(name(self)))
            .sorted(STRONGER)
            .toList());
  }

  private static final Comparator<ReplicationJob> STRONGER = Comparator.comparing(Claimants::of);

  /** Who has the say over a guest that is meant here too; empty when this one has. */
  Optional<ReplicationJob> stronger(Guest guest) {
    return rivals.stream()
        .filter(other -> STRONGER.compare(other, self) < 0)
        .filter(other -> ReplicationSlice.isMeant(other.getSpec(), guest))
        .findFirst();
  }

  /** Whether another one that stays wants the guest's jobs, so that they are not to be removed. */
  boolean isWantedElsewhere(Guest guest) {
    return rivals.stream()
        .filter(other -> !other.isMarkedForDeletion())
        .anyMatch(other -> ReplicationSlice.isMeant(other.getSpec(), guest));
  }

  /** Whether the same others mean the same guests: none came, went, or changed its spec. */
  boolean isSame(Claims then) {
    return rivals.stream()
        .map(Claims::version)
        .toList()
        .equals(then.rivals.stream().map(Claims::version).toList());
  }

  private record Version(String uid, boolean leaving, Long generation) {}

  private static Version version(ReplicationJob job) {
    return new Version(
        job.getMetadata().getUid(), job.isMarkedForDeletion(), job.getMetadata().getGeneration());
  }

  /** How a message names one: {@code namespace/name}. */
  static String id(ReplicationJob job) {
    return Claimants.of(job).id();
  }

  private static String name(ReplicationJob job) {
    return job.getMetadata().getName();
  }
}
