package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.simulator.world.PveVersion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An object at which the operator fails says so, and no other one suffers from it. */
class FailedReconciliationTest {

  @Test
  void isToldAtTheObjectOnceAndPasses() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      int told = stage.events().size();

      stage.meddle(
          object -> {
            if (object instanceof HaResource) {
              throw new IllegalStateException("a fault of ours");
            }
          });
      stage.until(
          "it is told",
          () ->
              VirtualStage.isBecause(
                  stage.guest(), ConditionType.READY, ConditionReason.INTERNAL_ERROR.text()),
          Duration.ofMinutes(2));
      stage.pass(Duration.ofMinutes(5));

      assertThat(
              VirtualStage.condition(stage.guest(), ConditionType.READY).orElseThrow().getMessage())
          .contains("IllegalStateException: a fault of ours");
      assertThat(VirtualStage.is(stage.guest(), ConditionType.STALLED, "True")).isFalse();
      assertThat(VirtualStage.is(stage.guest(), ConditionType.MANAGED, "True"))
          .as("the rest stays as it was told last")
          .isTrue();
      assertThat(VirtualStage.is(stage.replication(), ConditionType.READY, "True")).isTrue();
      assertThat(stage.events().subList(told, stage.events().size()))
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.getType()).isEqualTo("Warning");
                assertThat(event.getReason()).isEqualTo(ConditionReason.INTERNAL_ERROR.text());
              });

      stage.meddle(object -> {});
      stage.until(
          "all to be well again",
          () -> VirtualStage.is(stage.guest(), ConditionType.READY, "True"),
          Duration.ofMinutes(5));
    }
  }

  /** Nobody knows whether Proxmox was asked: the facts tell, and the rest goes on. */
  @Test
  void atAStepIsToldAsAnEventAndTheStepIsTakenAgain() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      stage.apply(
          stage
              .manifests()
              .replicationYaml()
              .replace("  rpoSeconds", "  deletionPolicy: Delete\n  rpoSeconds"));
      stage.pass(Duration.ofSeconds(10));

      stage.around(
          write -> {
            if (write.startsWith("DELETE /cluster/replication")) {
              throw new IllegalStateException("a fault of ours");
            }
          },
          write -> {},
          () -> {});
      stage.client.resource(stage.replication()).delete();
      stage.until("it is told", () -> !faults(stage).isEmpty(), Duration.ofMinutes(2));
      assertThat(faults(stage)).allMatch(text -> text.contains("a fault of ours"));
      assertThat(stage.failures()).isEmpty();

      stage.around(write -> {}, write -> {}, () -> {});
      stage.until("its end", () -> stage.replication() == null, Duration.ofMinutes(15));
      assertThat(stage.truth().removed()).hasSize(2);
    }
  }

  private static List<String> faults(VirtualStage stage) {
    return stage.events().stream()
        .filter(event -> ConditionReason.INTERNAL_ERROR.text().equals(event.getReason()))
        .map(Event::getMessage)
        .toList();
  }
}
