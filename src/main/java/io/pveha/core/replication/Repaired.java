package io.pveha.core.replication;

import io.pveha.core.cluster.NodeName;
import java.time.Duration;
import java.time.Instant;

/**
 * A replica that was removed and recreated.
 *
 * @param times how often, each within a week of the one before
 * @param lastAt when last
 */
public record Repaired(int vmid, NodeName target, int times, Instant lastAt) {

  private static final Duration FORGOTTEN = Duration.ofDays(7);

  boolean isOf(int guest, NodeName node) {
    return vmid == guest && target.equals(node);
  }

  boolean isForgotten(Instant now) {
    return !lastAt.plus(FORGOTTEN).isAfter(now);
  }

  Repaired again(Instant now) {
    return new Repaired(vmid, target, times + 1, now);
  }

  /** A chain that breaks again and again has a cause that another full copy does not cure. */
  Instant nextAt() {
    return lastAt.plus(
        switch (times) {
          case 1 -> Duration.ofHours(1);
          case 2 -> Duration.ofHours(6);
          default -> Duration.ofDays(1);
        });
  }
}
