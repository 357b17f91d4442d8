package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.simulator.api.SimulatorOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Nodes that join restart their services, which is no trouble and is not told as such. */
class FormingTellsNoTroubleTest {

  @Test
  void nodeThatRestartsForOurOwnStepIsNotSaidToBeOutOfReach() {
    try (VirtualStage stage = new VirtualStage(SimulatorOptions.standard())) {
      stage.manifests().secrets();
      stage.apply(stage.manifests().clusterYaml());
      stage.until(
          "the cluster",
          () -> VirtualStage.is(stage.cluster(), ConditionType.READY, "True"),
          Duration.ofMinutes(10));

      assertThat(stage.events()).hasSizeGreaterThan(3);
      assertThat(stage.events())
          .extracting(Event::getMessage)
          .as(stage.table())
          .noneMatch(message -> message.startsWith("Connected is False"));
    }
  }
}
