package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several HaResources speak of one guest: the oldest manages it, the others write nothing. */
class OneOwnerOfAGuestTest {

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void allOthersNameTheOldestAndWriteNothingAlsoWhenTheyAreDeleted(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      int before = changes(stage).size();

      // Sorted before the owner, and each other's rival as well.
      stage.apply(rival(stage, "a-second"));
      stage.apply(rival(stage, "b-third"));
      stage.pass(Duration.ofMinutes(1));

      for (String name : List.of("a-second", "b-third")) {
        Condition stalled =
            VirtualStage.condition(stage.get(HaResource.class, name), ConditionType.STALLED)
                .orElseThrow();
        assertThat(stalled.getStatus()).isEqualTo("True");
        assertThat(stalled.getReason()).isEqualTo(ConditionReason.VMID_TAKEN.text());
        assertThat(stalled.getMessage())
            .contains("HaResource %s/web manages guest 100".formatted(stage.namespace));
      }
      delete(stage, "b-third");
      stage.until(
          "its end", () -> stage.get(HaResource.class, "b-third") == null, Duration.ofMinutes(1));
      assertThat(changes(stage)).hasSize(before);
      assertThat(VirtualStage.is(stage.guest(), ConditionType.READY, "True")).isTrue();
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** The one that goes yields: the guest stays under HA, and nothing of it is written twice. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void theNextTakesOverFromAnOwnerThatIsDeleted(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.apply(removedFromHa(stage.manifests().guestYaml()));
      stage.awaitReference();
      stage.apply(rival(stage, "next").replace("state: stopped", "state: started"));
      stage.pass(Duration.ofMinutes(1));
      int before = changes(stage).size();

      delete(stage, "web");
      stage.until(
          "the next in charge",
          () ->
              stage.get(HaResource.class, "web") == null
                  && VirtualStage.is(
                      stage.get(HaResource.class, "next"), ConditionType.READY, "True"),
          Duration.ofMinutes(2));

      assertThat(changes(stage)).hasSize(before);
    }
  }

  /** An older HaResource of a ProxmoxCluster that owns nothing does not bar the owner's. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void anOlderOneOfATakenClusterYields(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.manifests().secrets();
      stage.applyCluster("");
      stage.until(
          "the owner",
          () -> VirtualStage.is(stage.cluster(), ConditionType.READY, "True"),
          Duration.ofMinutes(5));
      String other = stage.otherNamespace();
      stage.manifests().apply(stage.manifests().clusterYaml("Adopt", "simulated"), other);
      stage
          .manifests()
          .apply(
              removedFromHa(stage.manifests().guestYaml())
                  .replace("state: started", "state: stopped"),
              other);
      stage.pass(Duration.ofSeconds(30));

      stage.apply(stage.manifests().poolYaml());
      stage.apply(stage.manifests().guestYaml());
      stage.until(
          "the guest",
          () -> VirtualStage.is(stage.guest(), ConditionType.READY, "True"),
          Duration.ofMinutes(5));

      HaResource older =
          stage.client.resources(HaResource.class).inNamespace(other).withName("web").get();
      assertThat(VirtualStage.condition(older, ConditionType.STALLED))
          .hasValueSatisfying(
              stalled -> {
                assertThat(stalled.getStatus()).isEqualTo("True");
                assertThat(stalled.getReason()).isEqualTo(ConditionReason.CLUSTER_TAKEN.text());
                assertThat(stalled.getMessage()).contains(stage.namespace + "/reference");
              });
      int before = changes(stage).size();
      stage.client.resources(HaResource.class).inNamespace(other).withName("web").delete();
      stage.client.resources(ProxmoxCluster.class).inNamespace(other).delete();
      stage.until(
          "their end",
          () ->
              stage
                  .client
                  .resources(HaResource.class)
                  .inNamespace(other)
                  .list()
                  .getItems()
                  .isEmpty(),
          Duration.ofMinutes(2));
      assertThat(changes(stage)).hasSize(before);
    }
  }

  private static List<VirtualWire.Write> changes(VirtualStage stage) {
    return stage.writes().stream().filter(write -> !write.what().contains("/replication")).toList();
  }

  private static void delete(VirtualStage stage, String name) {
    stage.client.resources(HaResource.class).inNamespace(stage.namespace).withName(name).delete();
  }

  private static String removedFromHa(String yaml) {
    return yaml.replace("  state: started", "  state: started\n  deletionPolicy: RemoveFromHA");
  }

  private static String rival(VirtualStage stage, String name) {
    return removedFromHa(stage.manifests().guestYaml())
        .replaceFirst("(metadata:\\s+name: )\\S+", "$1" + name)
        .replace("state: started", "state: stopped");
  }
}
