package io.pveha.operator.cluster;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.GuestOutcome;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.GuestReadiness;
import io.pveha.core.failover.GuestForecast;
import io.pveha.core.failover.GuestForecast.Outcome;
import io.pveha.core.failover.LossForecast;
import io.pveha.core.failover.Readiness;
import io.pveha.core.failover.RecoveryPoint;
import io.pveha.core.failover.StrandedReason;
import io.pveha.operator.status.Conditions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Says in the status of a cluster what would become of its guests if a node died now. */
final class ReadinessReport {

  /** More is no use to a reader, and status should stay small; the counts are complete. */
  private static final int LONGEST_LIST = 64;

  private ReadinessReport() {}

  static List<ProxmoxClusterStatus.Readiness> rows(Readiness readiness) {
    return readiness.ofEach().entrySet().stream()
        .map(loss -> row(loss.getKey(), loss.getValue()))
        .toList();
  }

  private static ProxmoxClusterStatus.Readiness row(String node, LossForecast loss) {
    return new ProxmoxClusterStatus.Readiness(
        node,
        (int) loss.recovered(),
        (int) loss.stranded(),
        loss.guests().stream()
            .sorted(
                Comparator.comparing((GuestForecast guest) -> !guest.isStranded())
                    .thenComparing(GuestForecast::guest))
            .limit(LONGEST_LIST)
            .map(ReadinessReport::guest)
            .toList());
  }

  private static GuestReadiness guest(GuestForecast forecast) {
    return new GuestReadiness(
        forecast.guest().value(),
        outcome(forecast.outcome()),
        forecast.outcome() == Outcome.RECOVERED ? forecast.node().orElse(null) : null,
        forecast.point().flatMap(RecoveryPoint::at).orElse(null),
        forecast.outage().map(Duration::toSeconds).orElse(null),
        forecast.stranded().map(GuestForecast.Stranded::message).orElse(null));
  }

  private static GuestOutcome outcome(Outcome outcome) {
    return switch (outcome) {
      case RECOVERED -> GuestOutcome.RECOVERED;
      case STRANDED -> GuestOutcome.STRANDED;
      case STAYS_STOPPED -> GuestOutcome.UNAFFECTED;
    };
  }

  static void judge(Readiness readiness, boolean quorate, Conditions conditions) {
    if (!quorate) {
      conditions.isUnknown(
          ConditionType.FAILOVER_READY,
          ConditionReason.QUORUM_LOST,
          "Without a quorum nobody knows what Proxmox HA would do.");
      return;
    }
    Optional<LossForecast> worst =
        readiness.ofEach().values().stream()
            .filter(loss -> loss.stranded() > 0)
            .max(
                Comparator.comparing(LossForecast::stranded)
                    .thenComparing(loss -> loss.lost().first(), Comparator.<String>reverseOrder()));
    if (worst.isEmpty()) {
      int guests = readiness.cluster().guests().size();
      conditions.isTrue(
          ConditionType.FAILOVER_READY,
          ConditionReason.HEALTHY,
          guests == 0
              ? "No guest is under HA."
              : "Every guest under HA would be recovered, whichever node is lost.");
      return;
    }
    GuestForecast first =
        worst.get().guests().stream().filter(GuestForecast::isStranded).findFirst().orElseThrow();
    long more = worst.get().stranded() - 1;
    conditions.isFalse(
        ConditionType.FAILOVER_READY,
        reason(first.stranded().orElseThrow().reason()),
        "If %s died now, %s would stay down%s: %s"
            .formatted(
                worst.get().lost().first(),
                first.guest(),
                more == 0 ? "" : " and %d more".formatted(more),
                first.stranded().orElseThrow().message()));
  }

  private static ConditionReason reason(StrandedReason reason) {
    return switch (reason) {
      case QUORUM_LOST -> ConditionReason.NO_FAILURE_TOLERATED;
      case HA_DISARMED -> ConditionReason.HA_DISARMED;
      case IN_ERROR,
          FROZEN,
          NO_NODE_LEFT,
          STRICT_RULE,
          KEPT_APART,
          NO_STORAGE,
          NO_REPLICA,
          NO_MEMORY ->
          ConditionReason.GUESTS_STRANDED;
    };
  }
}
