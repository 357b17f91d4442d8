package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(strings = {"ReplicationJob", "HaResource", "ZfsPool", "ProxmoxCluster"})
  void ofADeletionIsToldAtTheObjectOnceIsTriedAgainMoreSeldomAndPasses(String kind) {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      Supplier<HasMetadata> object =
          () ->
              Stream.of(stage.replication(), stage.guest(), stage.pool(), stage.cluster())
                  .filter(each -> each != null && each.getKind().equals(kind))
                  .findFirst()
                  .orElse(null);
      int told = stage.events().size();
      int[] tries = {0};

      stage.meddleWithLeaving(
          each -> {
            if (each.getKind().equals(kind)) {
              tries[0]++;
              throw new IllegalStateException("a fault of ours");
            }
          });
      stage.client.resource(object.get()).delete();
      stage.pass(Duration.ofMinutes(5));

      assertThat(VirtualStage.condition(object.get(), ConditionType.READY))
          .hasValueSatisfying(
              ready -> {
                assertThat(ready.getReason()).isEqualTo(ConditionReason.INTERNAL_ERROR.text());
                assertThat(ready.getMessage())
                    .contains(
                        "IllegalStateException: a fault of ours",
                        "kubectl annotate %s %s -n %s pveha.io/abandon=%s"
                            .formatted(
                                kind.toLowerCase(Locale.ROOT),
                                object.get().getMetadata().getName(),
                                stage.namespace,
                                object.get().getMetadata().getUid()));
              });
      assertThat(stage.events().subList(told, stage.events().size()))
          .filteredOn(event -> event.getInvolvedObject().getKind().equals(kind))
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.getType()).isEqualTo("Warning");
                assertThat(event.getReason()).isEqualTo(ConditionReason.INTERNAL_ERROR.text());
              });
      // A ProxmoxCluster is also woken by each look at Proxmox.
      assertThat(tries[0])
          .as("0.5 s, 1 s, 2 s, ... 30 s")
          .isBetween(8, kind.equals("ProxmoxCluster") ? 300 : 25);

      stage.meddleWithLeaving(each -> {});
      if (kind.equals("ProxmoxCluster")) {
        Stream.of(stage.replication(), stage.guest(), stage.pool())
            .forEach(each -> stage.client.resource(each).delete());
      }
      stage.until("its end", () -> object.get() == null, Duration.ofMinutes(5));
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
