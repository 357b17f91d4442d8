package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.PveVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where guests may run, by groups on 8.3 and by rules on 9.1; and options of the cluster. */
class PlacementTest {

  private static final String PREFERENCE =
      """
        placement:
          strict: true
          nodes:
            - {name: node1, priority: 2}
            - {name: node2, priority: 1}
      """;

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void placesChangesAndLetsGo(PveVersion version) {
    try (Stage stage = adopted(version)) {
      stage.apply(stage.guestYaml() + PREFERENCE);
      stage.awaitCondition(HaResource.class, "web", ConditionType.READY, "True");
      assertThat(stage.guest().reported().placement().nodes()).containsExactly("node1", "node2");
      assertThat(stage.guest().reported().placement().strict()).isTrue();

      stage.apply(stage.guestYaml() + PREFERENCE.replace("priority: 1", "priority: 5"));
      stage.await(
          "the new order",
          () -> stage.guest().reported().placement().nodes().get(0),
          "node2"::equals);

      stage.apply(stage.guestYaml());
      stage.await("no placement", () -> stage.guest().reported().placement() == null, gone -> gone);
      stage.awaitCondition(HaResource.class, "web", ConditionType.READY, "True");
    }
  }

  @Test
  void keepsTwoGuestsApartOnNine() {
    try (Stage stage = adopted(PveVersion.V9_1)) {
      stage.apply(stage.guestYaml() + "  placement: {apart: [web2]}\n");
      stage.awaitReason(
          HaResource.class,
          "web",
          ConditionType.READY,
          ConditionReason.WAITING_FOR_HA_RESOURCE.text());

      stage.apply(
          stage
              .guestYaml()
              .replace("name: web", "name: web2")
              .replace("vmid: 100", "vmid: 101")
              .replace("node: node1", "node: node2"));
      stage.awaitCondition(HaResource.class, "web", ConditionType.READY, "True");
      stage.awaitCondition(HaResource.class, "web2", ConditionType.READY, "True");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void setsTheOptionsOfTheCluster(PveVersion version) {
    try (Stage stage = adopted(version)) {
      stage.apply(
          stage.clusterYaml("Adopt", "simulated")
              + "  haOptions: {scheduler: static, shutdownPolicy: migrate}\n");
      stage.await(
          "the spec to be seen",
          () -> stage.cluster().reported().observedGeneration(),
          seen -> seen == 2L);
      stage.awaitCondition(ProxmoxCluster.class, "reference", ConditionType.READY, "True");
      assertThat(stage.cluster().reported().plannedChanges()).isEmpty();
    }
  }

  @Test
  void callsOutEvenVotesAndShowsAQuorumDevice() {
    try (Stage stage =
        new Stage(SimulatorOptions.standard().withBare(false).withNodes(2).withSpeed(20))) {
      stage.secrets();
      stage.apply(stage.clusterYaml("Adopt", "simulated"));
      stage.startOperator();
      stage.awaitReason(
          ProxmoxCluster.class,
          "reference",
          ConditionType.VOTES_SOUND,
          ConditionReason.TIE_BREAKER_MISSING.text());

      stage
          .simulator
          .faults()
          .qdevice(
              java.util.Map.of(
                  "QNetd host",
                  "10.0.0.99:5403",
                  "State",
                  "Connected",
                  "Algorithm",
                  "Fifty-Fifty split",
                  "Model",
                  "Net"));
      stage.awaitCondition(ProxmoxCluster.class, "reference", ConditionType.VOTES_SOUND, "True");
      assertThat(stage.cluster().reported().quorum().device().host()).isEqualTo("10.0.0.99:5403");
      assertThat(stage.cluster().reported().quorum().votes()).isEqualTo(3);
    }
  }

  private static Stage adopted(PveVersion version) {
    Stage stage =
        new Stage(SimulatorOptions.standard().withBare(false).withVersion(version).withSpeed(20));
    stage.secrets();
    stage.apply(stage.clusterYaml("Adopt", "simulated"));
    stage.startOperator();
    stage.awaitCondition(ProxmoxCluster.class, "reference", ConditionType.READY, "True");
    return stage;
  }
}
