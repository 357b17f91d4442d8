package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Guests that are bound to each other have nodes of one priority: Proxmox refuses others. */
class PriorityConflictStoriesTest {

  private static final String RANKED =
      "  placement: {strict: true, nodes: [{name: node1, priority: 2}, {name: node2, priority:"
          + " 1}]}\n";
  private static final String EQUAL =
      "  placement: {strict: true, nodes: [{name: node1}, {name: node2}]}\n";

  @Test
  void namesBothObjectsAndWritesOnceTheNodesAreEqual() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.apply(stage.manifests().guestYaml() + RANKED);
      stage.awaitReference();

      stage.apply(second(stage) + "  placement: {apart: [web]}\n");
      awaitConflict(stage, "web2");
      long writes = rules(stage);
      stage.pass(Duration.ofMinutes(10));

      assertThat(rules(stage)).as(stage.table()).isEqualTo(writes);
      assertThat(
              VirtualStage.condition(web2(stage), ConditionType.STALLED).orElseThrow().getMessage())
          .contains("HaResource web (ct:100)", "HaResource web2 (ct:101)", "spec.placement.nodes");
      assertThat(VirtualStage.is(stage.guest(), ConditionType.READY, "True")).isTrue();

      stage.apply(stage.manifests().guestYaml() + EQUAL);
      stage.until(
          "both to be well",
          () ->
              VirtualStage.is(stage.guest(), ConditionType.READY, "True")
                  && VirtualStage.is(web2(stage), ConditionType.READY, "True"),
          Duration.ofMinutes(5));
      assertThat(new ByHand(stage).placement("node1").rules().get())
          .filteredOn(rule -> rule.isResourceAffinity() && rule.errors().isEmpty())
          .hasSize(1);

      // The other order.
      stage.apply(stage.manifests().guestYaml() + RANKED);
      awaitConflict(stage, "web");
      stage.pass(Duration.ofMinutes(3));
      assertThat(
              VirtualStage.condition(stage.guest(), ConditionType.STALLED)
                  .orElseThrow()
                  .getMessage())
          .contains("HaResource web (ct:100)", "spec.placement.apart of HaResource web2");
      assertThat(stage.failures()).isEmpty();
    }
  }

  @Test
  void isInThePlanOfWhatIsOnlyObserved() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.apply(stage.manifests().guestYaml() + RANKED);
      stage.awaitReference();
      stage.apply(second(stage));
      stage.until(
          "the second guest",
          () -> VirtualStage.is(web2(stage), ConditionType.READY, "True"),
          Duration.ofMinutes(3));

      stage.apply(second(stage) + "  managementPolicy: Observe\n  placement: {together: [web]}\n");

      awaitConflict(stage, "web2");
    }
  }

  private static void awaitConflict(VirtualStage stage, String name) {
    stage.until(
        name + " to be stalled for the conflict",
        () ->
            VirtualStage.is(stage.get(HaResource.class, name), ConditionType.STALLED, "True")
                && VirtualStage.isBecause(
                    stage.get(HaResource.class, name),
                    ConditionType.STALLED,
                    ConditionReason.PRIORITY_CONFLICT.text()),
        Duration.ofMinutes(2));
  }

  private static HaResource web2(VirtualStage stage) {
    return stage.get(HaResource.class, "web2");
  }

  private static String second(VirtualStage stage) {
    return stage
        .manifests()
        .guestYaml()
        .replace("name: web\n", "name: web2\n")
        .replace("vmid: 100", "vmid: 101");
  }

  private static long rules(VirtualStage stage) {
    return stage.writes().stream()
        .filter(write -> write.what().contains("/cluster/ha/rules"))
        .count();
  }
}
