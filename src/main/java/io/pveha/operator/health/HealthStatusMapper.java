package io.pveha.operator.health;

import io.pveha.api.v1alpha1.ConditionStatus;
import io.pveha.api.v1alpha1.ManagementPolicy;
import io.pveha.api.v1alpha1.ProxmoxClusterSpec;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Health;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Held;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Treatment;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.health.HealthMemory;
import io.pveha.core.health.HealthRule;
import io.pveha.core.health.HealthSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What spec and status of a ProxmoxCluster say of health, as the decision takes it, and back. */
final class HealthStatusMapper {

  private HealthStatusMapper() {}

  static HealthSettings settings(ProxmoxClusterSpec spec) {
    Optional<ProxmoxClusterSpec.Health> health = Optional.ofNullable(spec.health());
    List<String> paused =
        new ArrayList<>(health.map(ProxmoxClusterSpec.Health::paused).orElse(List.of()));
    if (spec.managementPolicy() == ManagementPolicy.OBSERVE) {
      paused.add("managementPolicy is Observe");
    }
    return new HealthSettings(
        HealthRule.overDefaults(
            health.stream()
                .flatMap(own -> own.rules().stream())
                .map(HealthStatusMapper::rule)
                .toList()),
        health
            .map(ProxmoxClusterSpec.Health::minHealthy)
            .map(OptionalInt::of)
            .orElse(OptionalInt.empty()),
        health
            .map(ProxmoxClusterSpec.Health::stormCooldownSeconds)
            .map(Duration::ofSeconds)
            .orElse(HealthSettings.DEFAULT_STORM_COOLDOWN),
        health
            .map(ProxmoxClusterSpec.Health::healthyDelaySeconds)
            .map(Duration::ofSeconds)
            .orElse(HealthSettings.DEFAULT_HEALTHY_DELAY),
        paused);
  }

  private static HealthRule rule(ProxmoxClusterSpec.Rule rule) {
    return new HealthRule(
        rule.condition(),
        belief(rule.status()),
        Duration.ofSeconds(rule.forSeconds()),
        rule.action());
  }

  static Belief belief(ConditionStatus status) {
    return switch (status) {
      case TRUE -> Belief.YES;
      case FALSE -> Belief.NO;
      case UNKNOWN -> Belief.UNKNOWN;
    };
  }

  /** What is remembered; nothing began later than now, and no quiet time is longer than allowed. */
  static HealthMemory remembered(Health health, HealthSettings settings, Instant now) {
    return health == null
        ? HealthMemory.EMPTY
        : new HealthMemory(
            Optional.ofNullable(health.quietUntil())
                .map(until -> earlier(until, now.plus(settings.stormCooldown()))),
            health.nodes().stream().map(treatment -> remembered(treatment, now)).toList(),
            health.held().stream().map(HealthStatusMapper::remembered).toList());
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static HealthMemory.Treatment remembered(Treatment treatment, Instant now) {
    return new HealthMemory.Treatment(
        new NodeName(treatment.node()),
        treatment.action(),
        treatment.cause(),
        earlier(treatment.since(), now),
        Optional.ofNullable(treatment.healthySince()).map(since -> earlier(since, now)),
        text(treatment.message()));
  }

  private static String text(String written) {
    return written == null ? "" : written;
  }

  private static HealthMemory.Held remembered(Held held) {
    return new HealthMemory.Held(
        new NodeName(held.node()), held.action(), held.cause(), held.guard(), text(held.message()));
  }

  /** Null when there is nothing to remember. */
  static Health saved(HealthMemory memory) {
    return memory.equals(HealthMemory.EMPTY)
        ? null
        : new Health(
            memory.quietUntil().orElse(null),
            memory.treatments().stream().map(HealthStatusMapper::saved).toList(),
            memory.held().stream().map(HealthStatusMapper::saved).toList());
  }

  private static Treatment saved(HealthMemory.Treatment treatment) {
    return new Treatment(
        treatment.node().value(),
        treatment.action(),
        treatment.cause(),
        treatment.since(),
        treatment.healthySince().orElse(null),
        treatment.message());
  }

  private static Held saved(HealthMemory.Held held) {
    return new Held(held.node().value(), held.action(), held.cause(), held.guard(), held.message());
  }
}
