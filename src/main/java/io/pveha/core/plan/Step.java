package io.pveha.core.plan;

import io.pveha.core.cluster.NodeName;
import java.time.Duration;
import java.util.Optional;

/**
 * One thing to ask of Proxmox. Idempotent by its key: a step of the same key is not asked again
 * while the former one may still come true.
 */
public interface Step {

  /** Stable name, as shown in {@code status.plannedChanges}: {@code CreateCluster}, ... */
  String action();

  /** Node that is asked or concerned; empty when any member will do. */
  Optional<NodeName> node();

  /** What it is about: a node, pool, guest, job or rule. */
  String subject();

  /** What is done, as a sentence for a person. */
  String sentence();

  /** How long an answer to the request itself may be on its way. */
  default Duration patience() {
    return Duration.ofSeconds(20);
  }

  /** How long its task may take before the facts alone count. */
  default Duration taskPatience() {
    return Duration.ofMinutes(10);
  }

  /** What makes two steps the same. */
  default StepKey key() {
    return new StepKey(action(), subject());
  }
}
