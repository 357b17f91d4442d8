package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several ProxmoxClusters speak of one Proxmox cluster: one of them owns it, the others wait. */
class TwoOwnersTest {

  /** Sorts behind {@code reference}, should both be made in the same second. */
  private static final String RIVAL = "z-rival";

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aGuestThatTwoWantDifferentlyIsNeverStopped(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      GuestWatch watch = stage.watch(100);
      int before = stage.writes().size();

      stage.apply(rivalCluster(stage) + "  haOptions: {shutdownPolicy: migrate}\n");
      stage.apply(rivalGuest(stage));
      stage.pass(Duration.ofSeconds(90));

      assertIsTaken(stage.get(ProxmoxCluster.class, RIVAL), stage);
      assertIsTaken(stage.get(HaResource.class, RIVAL), stage);
      assertThat(stage.writes().subList(before, stage.writes().size())).isEmpty();
      assertThat(watch.outages()).isEmpty();
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.READY, "True")).isTrue();
      assertThat(VirtualStage.is(stage.guest(), ConditionType.READY, "True")).isTrue();
      assertThat(stage.failures()).isEmpty();

      stage.restartOperator();
      stage.pass(Duration.ofSeconds(90));
      assertThat(stage.writes().subList(before, stage.writes().size())).isEmpty();
      assertIsTaken(stage.get(HaResource.class, RIVAL), stage);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void twoThatWouldFormOneClusterFormOne(PveVersion version) {
    try (VirtualStage stage =
        new VirtualStage(SimulatorOptions.standard().withBare(true).withVersion(version))) {
      stage.manifests().secrets();
      stage.apply(
          rivalOf(stage.manifests().clusterYaml())
              .replace("clusterName: reference", "clusterName: rival"));
      stage.apply(stage.manifests().clusterYaml());
      stage.until(
          "one cluster",
          () -> stage.cluster() != null && ready(stage).size() == 1,
          Duration.ofMinutes(10));
      stage.pass(Duration.ofMinutes(1));

      assertThat(ready(stage)).hasSize(1);
      assertThat(
              stage.answered().stream()
                  .filter(write -> write.what().equals("POST /cluster/config"))
                  .toList())
          .hasSize(1);
    }
  }

  private static List<ProxmoxCluster> ready(VirtualStage stage) {
    return List.of(stage.cluster(), stage.get(ProxmoxCluster.class, RIVAL)).stream()
        .filter(cluster -> VirtualStage.is(cluster, ConditionType.READY, "True"))
        .toList();
  }

  private static void assertIsTaken(HasMetadata object, VirtualStage stage) {
    assertThat(VirtualStage.condition(object, ConditionType.STALLED))
        .hasValueSatisfying(
            stalled -> {
              assertThat(stalled.getStatus()).isEqualTo("True");
              assertThat(stalled.getReason()).isEqualTo(ConditionReason.CLUSTER_TAKEN.text());
              assertThat(stalled.getMessage()).contains(stage.namespace + "/reference");
            });
  }

  private static String rivalCluster(VirtualStage stage) {
    return rivalOf(stage.manifests().clusterYaml("Adopt", "simulated"));
  }

  private static String rivalGuest(VirtualStage stage) {
    return rivalOf(stage.manifests().guestYaml())
        .replace("clusterRef: {name: reference}", "clusterRef: {name: %s}".formatted(RIVAL))
        .replace("state: started", "state: stopped");
  }

  private static String rivalOf(String yaml) {
    return yaml.replaceFirst("(metadata:\\s+name: )\\S+", "$1" + RIVAL);
  }
}
