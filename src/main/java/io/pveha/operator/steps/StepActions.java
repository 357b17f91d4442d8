package io.pveha.operator.steps;

import io.pveha.core.cluster.Upid;
import io.pveha.core.plan.Step;
import java.util.Optional;

/** Asks Proxmox for a step. */
@FunctionalInterface
public interface StepActions<T extends Step> {

  /**
   * Asks, and does not wait for what follows.
   *
   * @return the task that does it; empty when it is done with the answer
   * @throws io.pveha.proxmox.ProxmoxFailure when there is no good answer
   */
  Optional<Upid> start(T step);
}
