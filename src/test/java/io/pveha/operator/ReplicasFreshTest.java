package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a node says of the replicas that it holds, as long as it holds any. */
class ReplicasFreshTest {

  private static final Duration LONG = Duration.ofMinutes(15);

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void isNotToldAnyMoreWhenThereIsNothingToJudge(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      stage.faults().replication("node1", "100-0", true);
      stage.until(
          "a replica that is too old",
          () -> stage.is("node2", NodeConditionType.REPLICAS_FRESH, "False"),
          LONG);

      stage.client.resource(stage.replication()).delete();
      stage.until(
          "nothing to judge",
          () -> stage.condition("node2", NodeConditionType.REPLICAS_FRESH).isEmpty(),
          LONG);
      stage.pass(Duration.ofMinutes(1));
      assertThat(stage.condition("node2", NodeConditionType.REPLICAS_FRESH)).isEmpty();
      assertThat(stage.condition("node2", NodeConditionType.MEMBER)).isPresent();
    }
  }
}
