package io.pveha.operator.readiness;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.GuestOutcome;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.GuestReadiness;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.StrandedCount;
import io.pveha.core.failover.GuestForecast;
import io.pveha.core.failover.GuestForecast.Doubt;
import io.pveha.core.failover.GuestForecast.Outcome;
import io.pveha.core.failover.LossForecast;
import io.pveha.core.failover.Readiness;
import io.pveha.core.failover.RecoveryPoint;
import io.pveha.core.failover.StrandedReason;
import io.pveha.operator.status.Conditions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Says in the status of a cluster what would become of its guests if a node died now. */
public final class ReadinessReport {

  /**
   * Guests that are listed, of all nodes together: a status stays small however large the cluster
   * is, and one of fifty guests lists each. The counts are complete, and so is {@code
   * bin/rehearse}.
   */
  static final int MOST_LISTED = 50;

  /** No order rests on when a replica was made, which changes all the time. */
  private static final Comparator<GuestForecast> WORST_FIRST =
      Comparator.comparing((GuestForecast guest) -> !guest.isStranded())
          .thenComparing(guest -> guest.outcome() != Outcome.UNKNOWN)
          .thenComparing(guest -> guest.outcome() != Outcome.RECOVERED)
          .thenComparing(guest -> guest.point().filter(RecoveryPoint::isUnknown).isEmpty())
          .thenComparing(guest -> guest.outage().orElse(Duration.ZERO), Comparator.reverseOrder())
          .thenComparing(GuestForecast::guest);

  private ReadinessReport() {}

  public static List<ProxmoxClusterStatus.Readiness> rows(Readiness readiness) {
    Map<String, List<GuestForecast>> listed =
        readiness.ofEach().entrySet().stream()
            .flatMap(
                loss -> loss.getValue().guests().stream().map(g -> Map.entry(loss.getKey(), g)))
            .sorted(Map.Entry.comparingByValue(WORST_FIRST))
            .limit(MOST_LISTED)
            .collect(
                Collectors.groupingBy(
                    Map.Entry::getKey,
                    Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    return readiness.ofEach().entrySet().stream()
        .map(
            loss ->
                row(loss.getKey(), loss.getValue(), listed.getOrDefault(loss.getKey(), List.of())))
        .toList();
  }

  private static ProxmoxClusterStatus.Readiness row(
      String node, LossForecast loss, List<GuestForecast> listed) {
    int others = loss.guests().size() - listed.size();
    return new ProxmoxClusterStatus.Readiness(
        node,
        (int) loss.recovered(),
        (int) loss.stranded(),
        (int) loss.unknown(),
        loss.strandedByReason().entrySet().stream()
            .map(reason -> new StrandedCount(reason.getKey().text(), reason.getValue().intValue()))
            .toList(),
        listed.stream().map(ReadinessReport::guest).toList(),
        others == 0 ? null : others);
  }

  private static GuestReadiness guest(GuestForecast forecast) {
    return new GuestReadiness(
        forecast.guest().value(),
        outcome(forecast.outcome()),
        forecast.outcome() == Outcome.RECOVERED ? forecast.node().orElse(null) : null,
        forecast.outage().map(Duration::toSeconds).orElse(null),
        forecast
            .stranded()
            .map(GuestForecast.Stranded::message)
            .or(() -> forecast.doubt().map(Doubt::why))
            .orElse(null));
  }

  private static GuestOutcome outcome(Outcome outcome) {
    return switch (outcome) {
      case RECOVERED -> GuestOutcome.RECOVERED;
      case STRANDED -> GuestOutcome.STRANDED;
      case STAYS_STOPPED -> GuestOutcome.UNAFFECTED;
      case UNKNOWN -> GuestOutcome.UNKNOWN;
    };
  }

  /**
   * Says it in a condition.
   *
   * @param settling whose replicas can't be judged just now
   */
  public static void judge(
      Readiness readiness, boolean quorate, Predicate<String> settling, Conditions conditions) {
    if (!quorate) {
      conditions.isUnknown(
          ConditionType.FAILOVER_READY,
          ConditionReason.QUORUM_LOST,
          "Without a quorum, what Proxmox HA would do can't be predicted.");
      return;
    }
    SortedSet<String> unsettled = new TreeSet<>();
    Map<String, List<GuestForecast>> stranded = new TreeMap<>();
    readiness
        .ofEach()
        .forEach(
            (node, loss) ->
                loss.guests().stream()
                    .filter(GuestForecast::isStranded)
                    .forEach(
                        guest -> {
                          if (lacksReplica(guest) && settling.test(guest.guest().value())) {
                            unsettled.add(guest.guest().value());
                          } else {
                            stranded.computeIfAbsent(node, any -> new ArrayList<>()).add(guest);
                          }
                        }));
    Optional<Map.Entry<String, List<GuestForecast>>> worst =
        stranded.entrySet().stream()
            .max(
                Comparator.comparing(
                        (Map.Entry<String, List<GuestForecast>> loss) -> loss.getValue().size())
                    .thenComparing(Map.Entry::getKey, Comparator.reverseOrder()));
    if (worst.isEmpty() && !unsettled.isEmpty()) {
      conditions.isUnknown(
          ConditionType.FAILOVER_READY,
          ConditionReason.IN_PROGRESS,
          "%s%s just moved; the state of the replicas is known after their next run."
              .formatted(
                  unsettled.first(),
                  unsettled.size() == 1 ? "" : " and %d more".formatted(unsettled.size() - 1)));
      return;
    }
    Optional<GuestForecast> doubtful = doubtful(readiness);
    if (worst.isEmpty() && doubtful.isPresent()) {
      doubt(doubtful.get(), conditions);
      return;
    }
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
    GuestForecast first = worst.get().getValue().get(0);
    int more = worst.get().getValue().size() - 1;
    conditions.isFalse(
        ConditionType.FAILOVER_READY,
        reason(first.stranded().orElseThrow().reason()),
        "If %s failed now, %s would stay down%s: %s"
            .formatted(
                worst.get().getKey(),
                first.guest(),
                more == 0 ? "" : " and %d more".formatted(more),
                first.stranded().orElseThrow().message()));
  }

  private static void doubt(GuestForecast guest, Conditions conditions) {
    Doubt doubt = guest.doubt().orElseThrow();
    String open =
        switch (doubt.cause()) {
          case RULE -> "where %s would go".formatted(guest.guest());
          case CONFIGURATION -> "whether %s would start elsewhere".formatted(guest.guest());
          case NODE ->
              "whether %s would start on %s".formatted(guest.guest(), guest.node().orElseThrow());
        };
    conditions.isUnknown(
        ConditionType.FAILOVER_READY,
        switch (doubt.cause()) {
          case RULE -> ConditionReason.FOREIGN_RULE;
          case CONFIGURATION -> ConditionReason.IN_PROGRESS;
          case NODE -> ConditionReason.DEPENDS_ON_NODE;
        },
        "If %s failed now, it is unknown %s: %s".formatted(guest.from(), open, doubt.why()));
  }

  private static Optional<GuestForecast> doubtful(Readiness readiness) {
    return readiness.ofEach().values().stream()
        .flatMap(loss -> loss.guests().stream())
        .filter(guest -> guest.outcome() == Outcome.UNKNOWN)
        .max(
            Comparator.comparing(
                guest -> guest.doubt().orElseThrow().cause() != Doubt.Cause.CONFIGURATION));
  }

  private static boolean lacksReplica(GuestForecast guest) {
    return guest.stranded().orElseThrow().reason() == StrandedReason.NO_REPLICA;
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
          BOUND_TO_NODE,
          NO_REPLICA,
          NO_MEMORY ->
          ConditionReason.GUESTS_STRANDED;
    };
  }
}
