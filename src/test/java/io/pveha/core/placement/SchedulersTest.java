package io.pveha.core.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pveha.core.placement.LoadFigures.Load;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchedulersTest {

  private static final ServiceId SID = ServiceId.of("vm:100");
  private static final double GIB = 1L << 30;
  private final Map<String, Load> nodes = new HashMap<>();
  private final Map<ServiceId, Load> configured = new HashMap<>();
  private final Map<ServiceId, Load> measured = new HashMap<>();
  private final Map<ServiceId, String> running = new HashMap<>();

  @BeforeEach
  void threeEqualNodes() {
    List.of("n1", "n2", "n3").forEach(node -> nodes.put(node, new Load(8, 32 * GIB)));
    configured.put(SID, new Load(2, 4 * GIB));
    measured.put(SID, new Load(1, 2 * GIB));
  }

  private static ServiceId id(int number) {
    return ServiceId.of("vm:" + number);
  }

  private ClusterUsage usage(SchedulerMode mode) {
    return new ClusterUsage(
        mode, nodes.keySet(), new LoadFigures(nodes, configured, measured, running));
  }

  private static int best(double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] < scores[best] ? i : best;
    }
    return best;
  }

  @Test
  void staticPrefersTheNodeWithMemoryOverTheOneWithCpu() {
    nodes.remove("n3");
    configured.put(id(1), new Load(1, 16 * GIB));
    configured.put(id(2), new Load(5, 1 * GIB));
    ClusterUsage usage = usage(SchedulerMode.STATIC);
    usage.place(id(1), ServicePlace.on("n1"));
    usage.place(id(2), ServicePlace.on("n2"));
    assertThat(best(usage.scores(SID))).isEqualTo(1);
  }

  @Test
  void scoresAreQualitiesBetweenMinusOneAndZero() {
    configured.put(id(1), new Load(4, 8 * GIB));
    ClusterUsage usage = usage(SchedulerMode.STATIC);
    usage.place(id(1), ServicePlace.on("n2"));
    double[] scores = usage.scores(SID);
    assertThat(scores[0]).isEqualTo(-1, within(1e-9));
    assertThat(scores[1]).isEqualTo(0, within(1e-9));
    assertThat(scores[2]).isEqualTo(-1, within(1e-9));
  }

  @Test
  void equalNodesAllScoreNothing() {
    assertThat(usage(SchedulerMode.STATIC).scores(SID)).containsExactly(-0.0, -0.0, -0.0);
  }

  @Test
  void aServiceWithoutCpuLimitTakesTheWholeNode() {
    configured.put(id(1), new Load(0, 0));
    configured.put(id(2), new Load(7, 0));
    ClusterUsage usage = usage(SchedulerMode.STATIC);
    usage.place(id(1), ServicePlace.on("n1"));
    usage.place(id(2), ServicePlace.on("n2"));
    double[] scores = usage.scores(SID);
    assertThat(scores[1]).isLessThan(scores[0]);
  }

  @Test
  void dynamicCountsWhatRunsByMeasureAndWhatWasJustPlacedByConfiguration() {
    configured.put(id(1), new Load(8, 30 * GIB));
    measured.put(id(1), new Load(0.1, 0.5 * GIB));
    running.put(id(1), "n1");
    ClusterUsage confirmed = usage(SchedulerMode.DYNAMIC);
    confirmed.place(id(1), new ServicePlace("n1", null, true));
    double[] settled = confirmed.scores(SID);
    ClusterUsage starting = usage(SchedulerMode.DYNAMIC);
    starting.place(id(1), new ServicePlace("n1", null, false));
    double[] fresh = starting.scores(SID);

    assertThat(settled[1] - settled[0]).isNegative();
    assertThat(fresh[1] - fresh[0]).isNegative();
    assertThat(confirmed.balanceLoads().memory[0]).isEqualTo(0.5 * GIB);
    assertThat(starting.balanceLoads().memory[0]).as("balance is measured").isEqualTo(0.5 * GIB);
  }

  @Test
  void aNodeWithoutFiguresMakesEverySchedulerCount() {
    nodes.remove("n3");
    ClusterUsage usage =
        new ClusterUsage(
            SchedulerMode.DYNAMIC,
            List.of("n1", "n2", "n3"),
            new LoadFigures(nodes, configured, measured, running));
    assertThat(usage.mode()).isEqualTo(SchedulerMode.BASIC);
    assertThat(usage.imbalance(false)).isZero();
  }

  @Test
  void aServiceWithoutFiguresIsLeftOutAndScoresNothing() {
    ClusterUsage usage = usage(SchedulerMode.STATIC);
    usage.place(id(9), ServicePlace.on("n1"));
    assertThat(usage.lacksFigures(id(9))).isTrue();
    assertThat(usage.scores(id(9))).containsOnly(0);
    assertThat(usage.imbalance(false)).isZero();
  }

  @Test
  void imbalanceIsDeviationOverMean() {
    running.put(SID, "n1");
    ClusterUsage usage = usage(SchedulerMode.DYNAMIC);
    assertThat(usage.imbalance(false)).isEqualTo(Math.sqrt(2), within(1e-12));
    assertThat(usage.imbalance(true)).as("of its maximum").isEqualTo(1, within(1e-12));
    running.clear();
    assertThat(usage(SchedulerMode.DYNAMIC).imbalance(false)).isZero();
  }

  @Test
  void movingMoreThanIsMeasuredLeavesNothingNotLess() {
    NodeLoads loads = new NodeLoads(new double[] {8, 8}, new double[] {8, 8});
    loads.add(0, new Load(1, 1));
    loads.move(0, 1, new Load(2, 3));
    assertThat(loads.cpu).containsExactly(0, 2);
    assertThat(loads.memory).containsExactly(0, 3);
  }

  @Test
  void bruteForceFindsTheMoveThatLeavesLeastImbalance() throws BalancingMove.NotPlaced {
    ClusterUsage usage = crowded();
    assertThat(
            BalancingMove.leastImbalance(started(), usage, CompiledRules.NONE, false).orElseThrow())
        .extracting(BalancingMove::sid, BalancingMove::source, BalancingMove::target)
        .containsExactly(id(1), "n1", "n2");
  }

  @Test
  void topsisFindsAMoveTooAndBothKeepAwayFromForbiddenNodes() throws BalancingMove.NotPlaced {
    ClusterUsage usage = crowded();
    TreeMap<String, Integer> only = new TreeMap<>(Map.of("n1", 0, "n3", 0));
    CompiledRules rules =
        CompiledRules.compile(
            List.of(NodeAffinityRule.of("r", List.of(id(1), id(2)), only, true)), nodes.keySet());
    assertThat(BalancingMove.nearestToIdeal(started(), usage, rules, false).orElseThrow().target())
        .isEqualTo("n3");
    assertThat(BalancingMove.leastImbalance(started(), usage, rules, false).orElseThrow().target())
        .isEqualTo("n3");
  }

  @Test
  void nothingIsBalancedWhileAServiceHasNoSettledPlace() {
    ClusterUsage usage = crowded();
    usage.place(id(2), new ServicePlace("n1", "n3", true));
    assertThatThrownBy(
            () -> BalancingMove.leastImbalance(started(), usage, CompiledRules.NONE, false))
        .isInstanceOf(BalancingMove.NotPlaced.class)
        .hasMessageContaining("vm:2");
  }

  private ClusterUsage crowded() {
    for (int number : List.of(1, 2)) {
      configured.put(id(number), new Load(2, 4 * GIB));
      measured.put(id(number), new Load(2, 4 * GIB));
      running.put(id(number), "n1");
    }
    ClusterUsage usage = usage(SchedulerMode.DYNAMIC);
    usage.place(id(1), ServicePlace.on("n1"));
    usage.place(id(2), ServicePlace.on("n1"));
    return usage;
  }

  private static TreeMap<ServiceId, String> started() {
    return new TreeMap<>(Map.of(id(1), "n1", id(2), "n1"));
  }
}
