package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Observe of a ProxmoxCluster holds for everything in it. */
class ObservedClusterTest {

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void nothingInAnObservedClusterIsWritten(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.manifests().secrets();
      stage.applyCluster("managementPolicy: Observe\nmaintenance: [node1]");
      stage.apply(stage.manifests().poolYaml());
      stage.apply(stage.manifests().guestYaml());
      stage.apply(stage.manifests().replicationYaml());
      stage.pass(Duration.ofMinutes(2));

      assertThat(stage.writes()).isEmpty();
      assertThat(stage.guest().reported().plannedChanges()).isNotEmpty();
      assertThat(
              VirtualStage.isBecause(
                  stage.guest(), ConditionType.READY, ConditionReason.OBSERVED.text()))
          .isTrue();

      stage.client.resource(stage.guest()).delete();
      stage.until("its end", () -> stage.guest() == null, Duration.ofMinutes(1));
      assertThat(stage.writes()).isEmpty();
      assertThat(stage.failures()).isEmpty();
    }
  }
}
