package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.operator.polling.Watchers;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Nothing rests on a list that Kubernetes tells of no longer, and each object concerned says so.
 */
class MissingListTest {

  private static final String KIND = "haresources.pveha.io";

  @Test
  void isToldAtTheObjectsThatRestOnItWhichThenWriteNothing() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      boolean[] watched = {true};
      stage.applyReference();
      stage.awaitReference();
      stage.lists().watches(Watchers.Kind.RESOURCE.name(), KIND, () -> true, () -> watched[0]);
      stage.pass(Duration.ofMinutes(2));
      int told = stage.events().size();
      int before = stage.writes().size();

      watched[0] = false;
      stage.pass(Duration.ofSeconds(150));
      stage.apply(stage.manifests().guestYaml() + "  maxRestart: 3\n");
      stage.pass(Duration.ofMinutes(2));

      assertThat(isMissing(stage.guest())).as(stage.table()).isTrue();
      assertThat(VirtualStage.condition(stage.guest(), ConditionType.READY))
          .hasValueSatisfying(
              ready -> assertThat(ready.getMessage()).contains("kubectl auth can-i watch " + KIND));
      assertThat(isMissing(stage.replication())).isFalse();
      assertThat(stage.writes()).hasSize(before);
      assertThat(stage.events().subList(told, stage.events().size()))
          .filteredOn(event -> event.getInvolvedObject().getKind().equals("HaResource"))
          .singleElement()
          .satisfies(
              event ->
                  assertThat(event.getReason())
                      .isEqualTo(ConditionReason.KUBERNETES_LIST_MISSING.text()));

      stage.client.resource(stage.guest()).delete();
      stage.pass(Duration.ofMinutes(1));
      assertThat(isMissing(stage.guest())).isTrue();
      assertThat(stage.writes()).hasSize(before);

      watched[0] = true;
      stage.until("its end", () -> stage.guest() == null, Duration.ofMinutes(2));
      assertThat(stage.failures()).isEmpty();
    }
  }

  private static boolean isMissing(HasMetadata object) {
    return VirtualStage.isBecause(
        object, ConditionType.READY, ConditionReason.KUBERNETES_LIST_MISSING.text());
  }
}
