package io.pveha.core.health;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * What the owner wants done about nodes in bad health.
 *
 * @param minHealthy nodes that must be left in good health; empty for a majority
 * @param stormCooldown how long nothing is done after many nodes failed at once
 * @param healthyDelay how long a node must be healthy before it is used again
 * @param paused reasons to do nothing now
 */
public record HealthSettings(
    List<HealthRule> rules,
    OptionalInt minHealthy,
    Duration stormCooldown,
    Duration healthyDelay,
    List<String> paused) {

  public static final Duration DEFAULT_STORM_COOLDOWN = Duration.ofMinutes(5);
  public static final Duration DEFAULT_HEALTHY_DELAY = Duration.ofMinutes(5);

  public HealthSettings {
    rules = List.copyOf(rules);
    paused = List.copyOf(paused);
  }

  /** A majority; of two nodes one, since else nothing could ever be done. */
  int minHealthy(int nodes) {
    return minHealthy.orElse(nodes > 2 ? nodes / 2 + 1 : 1);
  }
}
