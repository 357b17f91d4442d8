package io.pveha.core.health;

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
 * @param condition type of the condition; {@link Aspect} has ours
 * @param lasting how long it must have had the status
 */
public record HealthRule(String condition, Belief status, Duration lasting, Remedy remedy) {

  /** What counts while a spec says nothing else. */
  public static final List<HealthRule> DEFAULTS =
      List.of(
          of(Aspect.REACHABLE, Belief.NO, 30, Remedy.REPORT),
          of(Aspect.MEMBER, Belief.NO, 0, Remedy.REPORT),
          of(Aspect.AGENT_ALIVE, Belief.NO, 0, Remedy.REPORT),
          of(Aspect.POOLS_HEALTHY, Belief.NO, 0, Remedy.REPORT),
          of(Aspect.POOLS_USABLE, Belief.NO, 0, Remedy.EVACUATE),
          of(Aspect.POOLS_REDUNDANT, Belief.NO, 0, Remedy.EVACUATE),
          of(Aspect.DISKS_HEALTHY, Belief.NO, 0, Remedy.CORDON),
          of(Aspect.DISKS_WORN, Belief.YES, 0, Remedy.REPORT),
          of(Aspect.STORAGE_ACTIVE, Belief.NO, 30, Remedy.EVACUATE),
          of(Aspect.SERVICES_HEALTHY, Belief.NO, 30, Remedy.REPORT),
          of(Aspect.LINKS_UP, Belief.NO, 10, Remedy.REPORT),
          of(Aspect.TIME_IN_SYNC, Belief.NO, 60, Remedy.REPORT),
          of(Aspect.CERTIFICATE_VALID, Belief.NO, 0, Remedy.REPORT),
          of(Aspect.MEMORY_PRESSURE, Belief.YES, 60, Remedy.REPORT),
          of(Aspect.ROOT_DISK_PRESSURE, Belief.YES, 60, Remedy.REPORT),
          of(Aspect.REPLICAS_FRESH, Belief.NO, 0, Remedy.REPORT),
          of(Aspect.FENCED, Belief.YES, 0, Remedy.REPORT));

  private static HealthRule of(Aspect aspect, Belief status, long seconds, Remedy remedy) {
    return new HealthRule(aspect.text(), status, Duration.ofSeconds(seconds), remedy);
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
