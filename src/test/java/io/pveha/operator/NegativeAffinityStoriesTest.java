package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.simulator.ha.NodeHa;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rule of Proxmox VE 9.2 that keeps a guest off a node is kept by all that we do. */
class NegativeAffinityStoriesTest {

  private static final Duration SLOW_POLL = Duration.ofSeconds(20);

  @ParameterizedTest
  @ValueSource(strings = {"0", "1"})
  void isNeitherTurnedAroundNorOverlooked(String strict) {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_2)) {
      stage.applyReference();
      stage.awaitReference();
      keepOff(stage, "node2", strict);
      stage.pass(SLOW_POLL);
      stage.faults().pool("node3", "tank", "SUSPENDED");
      stage.until(
          "no way out for the guest",
          () -> VirtualStage.is(stage.cluster(), ConditionType.FAILOVER_READY, "False"),
          Duration.ofMinutes(1));
      stage.pass(Duration.ofMinutes(5));

      assertThat(rules(stage)).as(stage.table()).isZero();
      assertThat(message(stage, ConditionType.PLACED)).contains("never keeps it off node2");
      assertThat(stage.guest().reported().placement()).isNull();
      assertThat(VirtualStage.is(stage.guest(), ConditionType.READY, "True")).isTrue();

      stage.faults().pool("node3", "tank", "ONLINE");
      stage.until(
          "a way out for the guest",
          () -> VirtualStage.is(stage.cluster(), ConditionType.FAILOVER_READY, "True"),
          Duration.ofMinutes(20));
      stage.applyCluster("maintenance: [node1]");
      stage.until(
          "the guest to be moved where it may run",
          () -> "node3".equals(stage.guest().reported().node()),
          Duration.ofMinutes(10));
      assertThat(rules(stage)).isZero();
      assertThat(stage.failures()).isEmpty();
    }
  }

  @Test
  void isNotWrittenBesideWhereTheSpecNamesNodes() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_2)) {
      stage.applyReference();
      stage.awaitReference();
      keepOff(stage, "node3", "1");
      stage.pass(SLOW_POLL);
      stage.apply(
          stage.manifests().guestYaml()
              + "  placement: {strict: true, nodes: [{name: node1}, {name: node3}]}\n");
      stage.until(
          "the rule to be named",
          () ->
              VirtualStage.isBecause(
                  stage.guest(), ConditionType.STALLED, ConditionReason.FOREIGN_RULE.text()),
          Duration.ofMinutes(1));
      stage.pass(Duration.ofMinutes(3));

      assertThat(rules(stage)).isZero();
      assertThat(message(stage, ConditionType.STALLED)).contains("never", "ct:100", "node3");
    }
  }

  private static void keepOff(VirtualStage stage, String node, String strict) {
    stage
        .simulator
        .world()
        .request(
            () -> {
              NodeHa ha = stage.simulator.world().node("node1").ha();
              ha.createRule(
                  "never",
                  Map.of(
                      "type", "node-affinity",
                      "resources", "ct:100",
                      "nodes", node,
                      "affinity", "negative",
                      "strict", strict));
              return true;
            });
  }

  private static long rules(VirtualStage stage) {
    return stage.writes().stream()
        .filter(write -> write.what().contains("/cluster/ha/rules"))
        .count();
  }

  private static String message(VirtualStage stage, ConditionType type) {
    return VirtualStage.condition(stage.guest(), type).orElseThrow().getMessage();
  }
}
