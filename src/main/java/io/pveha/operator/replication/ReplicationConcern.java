package io.pveha.operator.replication;

import io.pveha.api.v1alpha1.ReplicationJobSpec;
import io.pveha.operator.polling.ClusterKey;
import io.pveha.operator.polling.Concern;
import io.pveha.proxmox.GuestCalls.Guest;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What of a cluster a ReplicationJob reads. */
final class ReplicationConcern {

  /** Guests that a selector means. */
  private record Selected(ReplicationJobSpec spec) implements Predicate<Guest> {
    @Override
    public boolean test(Guest guest) {
      return ReplicationFactsReader.isMeant(spec, guest);
    }
  }

  private ReplicationConcern() {}

  static Concern of(ReplicationJobSpec spec) {
    if (spec.guest() == null) {
      return new Concern(
          Set.of(ClusterKey.NODES, ClusterKey.STORAGES), Optional.of(new Selected(spec)));
    }
    int vmid = spec.guest().vmid();
    return Concern.of(
        Set.of(
            ClusterKey.NODES,
            ClusterKey.STORAGES,
            ClusterKey.guestPlace(vmid),
            ClusterKey.replication(vmid),
            ClusterKey.volumes(vmid)));
  }
}
