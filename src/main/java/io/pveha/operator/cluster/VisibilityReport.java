package io.pveha.operator.cluster;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Severity;
import io.pveha.core.safety.Listing;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.status.Conditions;
import io.pveha.operator.status.Verdict;
import io.pveha.proxmox.HaCalls.Resource;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** What can't be said of a cluster because its lists may be shortened. */
record VisibilityReport(ClusterFacts facts) {

  /** The manager drops in its next round what is not under HA any more. */
  private static final Duration MANAGER = Duration.ofSeconds(30);

  /** Whether the lists that readiness rests on are believed. */
  boolean isClear() {
    return doubt().isEmpty();
  }

  private Optional<Finding> doubt() {
    return Stream.of(Listing.GUESTS, Listing.HA_RESOURCES, Listing.REPLICATION_JOBS)
        .flatMap(listing -> facts.sight().doubt(listing).stream())
        .findFirst()
        .or(this::unlisted);
  }

  /** What the manager works on, and the list of what is under HA has lacked for long. */
  private Optional<Finding> unlisted() {
    return facts.fast().ha().manager().serviceStatus().keySet().stream()
        .filter(sid -> facts.slow().resources().stream().noneMatch(each -> each.sid().equals(sid)))
        .filter(this::isLackedForLong)
        .sorted()
        .flatMap(sid -> facts.sight().doubtThatGone(Listing.HA_RESOURCES, sid).stream())
        .findFirst();
  }

  private boolean isLackedForLong(String sid) {
    return facts
        .sight()
        .log()
        .flatMap(log -> log.since(Listing.HA_RESOURCES, sid))
        .filter(since -> since.plus(MANAGER).isBefore(facts.at()))
        .isPresent();
  }

  /** A healthy condition never rests on what is not listed. */
  void judge(Conditions conditions) {
    if (!conditions.holds(ConditionType.FAILOVER_READY)) {
      return;
    }
    Optional<Finding> doubt = doubt();
    Optional<String> unseen =
        facts.slow().resources().stream()
            .filter(resource -> !"ignored".equals(resource.requestedState()))
            .map(Resource::sid)
            .filter(sid -> GuestId.ofSid(sid).flatMap(id -> facts.fast().guest(id)).isEmpty())
            .sorted()
            .findFirst();
    if (doubt.isPresent()) {
      conditions.isUnknown(
          ConditionType.FAILOVER_READY, doubt.get().reason(), doubt.get().message());
    } else if (unseen.isPresent()) {
      conditions.isUnknown(
          ConditionType.FAILOVER_READY,
          ConditionReason.GUEST_NOT_VISIBLE,
          "Proxmox HA has %1$s, and no list of guests shows it: restore it, or run ha-manager remove %1$s."
              .formatted(unseen.get()));
    }
  }

  /** Without the privileges to see it, a cluster is not ready: a person must act. */
  void judgeReady(Conditions conditions) {
    doubt()
        .filter(why -> why.severity() == Severity.BLOCKS)
        .filter(unused -> conditions.holds(ConditionType.READY))
        .ifPresent(why -> Verdict.stalled(conditions, why.reason(), why.message()));
  }
}
