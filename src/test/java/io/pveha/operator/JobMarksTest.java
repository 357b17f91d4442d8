package io.pveha.operator;

import static io.pveha.operator.ReplicationSelectionTest.awaitHealthy;
import static io.pveha.operator.ReplicationSelectionTest.copies;
import static io.pveha.operator.ReplicationSelectionTest.create;
import static io.pveha.operator.ReplicationSelectionTest.ready;
import static io.pveha.operator.ReplicationSelectionTest.selecting;
import static io.pveha.operator.ReplicationStoriesTest.awaitReady;
import static io.pveha.operator.ReplicationStoriesTest.fullCopies;
import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReplicationJobStatus.Job;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose a job is, is told by its comment; only what is ours is changed or removed. */
class JobMarksTest {

  private static final Duration LONG = Duration.ofMinutes(15);

  /** The job by hand leads to a node that the spec wants, and to one that it does not. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aJobMadeByHandStaysWithItsReplicaUntilItIsHandedOver(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      create(stage, 200, "gold", "tank");
      byHand(stage, "200-5", "node3", "made by hand, keep");
      stage.until("the replica by hand", () -> copies(stage, 200).contains("node3"), LONG);
      stage.apply(selecting(stage, "Delete").replace("{allOthers: true}", "{nodes: [node2]}"));
      awaitHealthy(stage, "gold", "2/2");
      stage.pass(Duration.ofMinutes(3));

      assertThat(ready(stage, "gold").getMessage())
          .contains(
              "Job 200-5 to node3 has no mark",
              "made by hand, keep",
              "pvesr update 200-5 --comment 'pveha: " + stage.namespace + "/gold'");
      assertThat(copies(stage, 200)).containsExactly("node1", "node2", "node3");
      stage.apply(selecting(stage, "Delete"));
      awaitHealthy(stage, "gold", "2/2");
      stage.pass(Duration.ofMinutes(1));
      assertThat(stage.get(ReplicationJob.class, "gold").reported().jobs())
          .filteredOn(Job::managed)
          .extracting(Job::target)
          .containsExactly("node2");

      stage.client.resource(stage.get(ReplicationJob.class, "gold")).delete();
      stage.until(
          "what stays to be told in its condition",
          () -> ready(stage, "gold").getMessage().contains("`pvesr delete 200-5` on node1"),
          LONG);
      stage.until("its end", () -> stage.get(ReplicationJob.class, "gold") == null, LONG);
      assertThat(stage.events())
          .filteredOn(event -> event.getReason().equals(ConditionReason.FOREIGN_JOB.text()))
          .filteredOn(event -> event.getInvolvedObject().getName().equals("gold"))
          .last()
          .satisfies(
              event -> {
                assertThat(event.getType()).isEqualTo("Warning");
                assertThat(event.getMessage())
                    .contains(
                        "Job 200-5 to node3", "made by hand, keep", "`pvesr delete 200-5` on node1")
                    .doesNotContain("Job 200-0", "Job 200-1");
              });
      stage.pass(Duration.ofMinutes(3));
      assertThat(copies(stage, 200)).containsExactly("node1", "node3");
      assertThat(comment(stage, "200-5")).isEqualTo("made by hand, keep");

      stage.apply(selecting(stage, "Delete").replace("{allOthers: true}", "{nodes: [node2]}"));
      awaitHealthy(stage, "gold", "2/2");
      mark(stage, "200-5", "pveha: " + stage.namespace + "/gold");
      stage.until(
          "the end of what was handed over",
          () -> copies(stage, 200).equals(List.of("node1", "node2")),
          LONG);
    }
  }

  /** Jobs of versions that wrote no marks are told by the rows of status. */
  @Test
  void jobsOfAnEarlierVersionGetTheirMark() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V8_3)) {
      stage.applyReference();
      stage.awaitReference();
      String mark = "pveha: " + stage.namespace + "/web";
      assertThat(comment(stage, "100-0")).isEqualTo(mark);

      stage.apply(stage.manifests().replicationYaml() + "  managementPolicy: Observe\n");
      mark(stage, "100-0", "");
      stage.until(
          "the plan",
          () ->
              stage
                  .replication()
                  .reported()
                  .plannedChanges()
                  .toString()
                  .contains("marked as owned by"),
          LONG);
      assertThat(comment(stage, "100-0")).isEmpty();
      stage.apply(stage.manifests().replicationYaml() + "  managementPolicy: Enforce\n");
      stage.until("the mark", () -> mark.equals(comment(stage, "100-0")), LONG);
      awaitReady(stage, "2/2");
      assertThat(fullCopies(stage)).isEqualTo(2);
    }
  }

  static void byHand(VirtualStage stage, String id, String target, String comment) {
    stage
        .simulator
        .world()
        .request(
            () -> {
              stage
                  .simulator
                  .world()
                  .node("node1")
                  .replication()
                  .create(id, Map.of("target", target, "schedule", "*/1", "comment", comment));
              return null;
            });
  }

  private static void mark(VirtualStage stage, String id, String comment) {
    stage
        .simulator
        .world()
        .request(
            () -> {
              stage
                  .simulator
                  .world()
                  .node("node1")
                  .replication()
                  .update(id, Map.of("comment", comment), java.util.Set.of(), Optional.empty());
              return null;
            });
  }

  static String comment(VirtualStage stage, String id) {
    return stage
        .simulator
        .world()
        .read(() -> stage.simulator.world().node("node1").replication().status(id).comment());
  }
}
