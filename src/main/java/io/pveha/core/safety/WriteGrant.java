package io.pveha.core.safety;

import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Step;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a write to Proxmox is sent with: connections send none without it. Only {@link WritePermit}
 * makes it, and it is asked at each write: it is no permission that was had once.
 */
public final class WriteGrant {

  private final WritePermit permit;
  private final Step step;
  private final Supplier<Instant> now;

  WriteGrant(WritePermit permit, Step step, Supplier<Instant> now) {
    this.permit = permit;
    this.step = step;
    this.now = now;
  }

  /** Why the write must not be sent now; empty when it may. */
  public Optional<Finding> refusal() {
    return permit.refusal(step, now.get());
  }
}
