package io.pveha.core.replication;

import io.pveha.core.cluster.NodeName;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Recovery points as saved, by job id. Proxmox keeps them only on the node of the guest and loses
 * them with that node; what is saved then tells how much a failover costs.
 */
public record RecoveryPoints(Map<String, Saved> saved) {

  public static final RecoveryPoints NONE = new RecoveryPoints(Map.of());

  public RecoveryPoints {
    saved = Map.copyOf(saved);
  }

  /**
   * What was saved of a job.
   *
   * @param removing whether it was on its way out, so that another one of that id has nothing yet
   */
  public record Saved(NodeName target, Instant lastSync, boolean removing) {}

  /**
   * The recovery point of a job: what its node tells, or what was saved as long as the job leads to
   * the same replica. One that was turned round leads to a copy that the guest left behind.
   *
   * @param told what the node of the guest tells; empty means unknown there, not never
   */
  public Optional<Instant> of(
      String id, NodeName target, boolean removing, Optional<Instant> told) {
    return told.or(
        () ->
            Optional.ofNullable(saved.get(id))
                .filter(former -> former.target().equals(target))
                .filter(former -> !former.removing() || removing)
                .map(Saved::lastSync));
  }
}
