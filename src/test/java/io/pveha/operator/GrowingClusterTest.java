package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** While a further node joins a cluster, what runs on it is looked after as before. */
class GrowingClusterTest {

  private static final Duration LIMIT = Duration.ofMinutes(15);

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void goesOnServingWhileANodeJoins(PveVersion version) {
    try (VirtualStage stage =
        new VirtualStage(
            SimulatorOptions.standard().withBare(true).withNodes(4).withVersion(version))) {
      stage.manifests().secrets();
      stage.apply(withoutNode4(stage.manifests().clusterYaml()));
      stage.apply(stage.manifests().poolYaml());
      stage.apply(stage.manifests().guestYaml());
      stage.apply(stage.manifests().replicationYaml());
      stage.awaitReference();
      List<String> waiting = new ArrayList<>();
      stage.around(
          write -> {},
          write -> {},
          () -> {
            if (VirtualStage.isBecause(
                stage.guest(), ConditionType.READY, ConditionReason.WAITING_FOR_CLUSTER.text())) {
              waiting.add(stage.time.instant().toString());
            }
          });

      stage.apply(stage.manifests().clusterYaml());
      stage.until(
          "node4 to join",
          () -> "node4".equals(stage.cluster().reported().formation().joining()),
          LIMIT);
      stage.apply(stage.manifests().guestYaml() + "  maxRestart: 3\n");
      stage.until(
          "the guest's new setting",
          () ->
              new ByHand(stage)
                  .ha("node1").resources().get().stream()
                      .allMatch(r -> r.maxRestartOrDefault() == 3),
          LIMIT);
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.FORMED, "False"))
          .as("it was set while the node was joining")
          .isTrue();
      stage.until(
          "four members",
          () ->
              VirtualStage.is(stage.cluster(), ConditionType.READY, "True")
                  && "4/4".equals(stage.cluster().reported().nodesOnline()),
          LIMIT);

      assertThat(waiting).isEmpty();
    }
  }

  private static String withoutNode4(String yaml) {
    return yaml.lines()
        .filter(line -> !line.contains("name: node4"))
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
