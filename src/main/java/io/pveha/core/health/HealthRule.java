package io.pveha.core.health;

import io.pveha.api.v1alpha1.HealthAction;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.core.cluster.Belief;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What to do when a condition of a node has had a status for a while.
 *
 * @param condition type of the condition; {@link NodeConditionType} has ours
 * @param lasting how long it must have had the status
 */
public record HealthRule(String condition, Belief status, Duration lasting, HealthAction action) {

  /** What counts while a spec says nothing else. */
  public static final List<HealthRule> DEFAULTS =
      List.of(
          of(NodeConditionType.REACHABLE, Belief.NO, 30, HealthAction.REPORT),
          of(NodeConditionType.MEMBER, Belief.NO, 0, HealthAction.REPORT),
          of(NodeConditionType.AGENT_ALIVE, Belief.NO, 0, HealthAction.REPORT),
          of(NodeConditionType.POOLS_HEALTHY, Belief.NO, 0, HealthAction.REPORT),
          of(NodeConditionType.POOLS_USABLE, Belief.NO, 0, HealthAction.EVACUATE),
          of(NodeConditionType.POOLS_REDUNDANT, Belief.NO, 0, HealthAction.EVACUATE),
          of(NodeConditionType.DISKS_HEALTHY, Belief.NO, 0, HealthAction.CORDON),
          of(NodeConditionType.DISKS_WORN, Belief.YES, 0, HealthAction.REPORT),
          of(NodeConditionType.STORAGE_ACTIVE, Belief.NO, 30, HealthAction.EVACUATE),
          of(NodeConditionType.SERVICES_HEALTHY, Belief.NO, 30, HealthAction.REPORT),
          of(NodeConditionType.LINKS_UP, Belief.NO, 10, HealthAction.REPORT),
          of(NodeConditionType.TIME_IN_SYNC, Belief.NO, 60, HealthAction.REPORT),
          of(NodeConditionType.CERTIFICATE_VALID, Belief.NO, 0, HealthAction.REPORT),
          of(NodeConditionType.MEMORY_PRESSURE, Belief.YES, 60, HealthAction.REPORT),
          of(NodeConditionType.ROOT_DISK_PRESSURE, Belief.YES, 60, HealthAction.REPORT),
          of(NodeConditionType.REPLICAS_FRESH, Belief.NO, 0, HealthAction.REPORT),
          of(NodeConditionType.FENCED, Belief.YES, 0, HealthAction.REPORT));

  private static HealthRule of(
      NodeConditionType type, Belief status, long seconds, HealthAction action) {
    return new HealthRule(type.text(), status, Duration.ofSeconds(seconds), action);
  }

  /** These, and the built-in ones for conditions that these say nothing of. */
  public static List<HealthRule> overDefaults(Collection<HealthRule> own) {
    Set<String> spokenOf =
        own.stream().map(HealthRule::condition).collect(Collectors.toUnmodifiableSet());
    return Stream.concat(
            own.stream(), DEFAULTS.stream().filter(rule -> !spokenOf.contains(rule.condition())))
        .toList();
  }
}
