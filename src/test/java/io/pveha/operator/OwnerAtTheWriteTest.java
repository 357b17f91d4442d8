package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ReportedStatus;
import io.pveha.core.safety.OwnerMark;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.ClusterCalls;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who owns a thing is asked when a step is planned, and again when it is written: another owner may
 * have come to light in between.
 */
class OwnerAtTheWriteTest {

  /** A step of each kind, and an older object that claims the same. */
  private enum Case {
    GUEST(
        stage -> olderOf(stage.manifests().guestYaml()),
        stage -> stage.apply(stage.manifests().guestYaml() + "  maxRestart: 3\n"),
        VirtualStage::guest,
        ConditionReason.VMID_TAKEN),
    POOL(
        stage -> olderOf(stage.manifests().poolYaml()),
        stage ->
            new ByHand(stage)
                .on("node1")
                .call(ApiRequest.put("/storage/tank").with("nodes", "node1,node2")),
        VirtualStage::pool,
        ConditionReason.POOL_TAKEN),
    REPLICATION(
        stage -> olderOf(stage.manifests().replicationYaml()),
        stage -> stage.apply(stage.manifests().replicationYaml() + "  rateMBps: 7\n"),
        VirtualStage::replication,
        ConditionReason.JOB_TAKEN),
    CLUSTER(
        stage -> olderOf(stage.manifests().clusterYaml("Adopt", "simulated")),
        stage -> stage.applyCluster("haOptions: {shutdownPolicy: migrate}"),
        VirtualStage::cluster,
        ConditionReason.CLUSTER_TAKEN),
    GUEST_OF_A_TAKEN_CLUSTER(
        stage -> olderOf(stage.manifests().clusterYaml("Adopt", "simulated")),
        stage -> stage.apply(stage.manifests().guestYaml() + "  maxRestart: 3\n"),
        VirtualStage::guest,
        ConditionReason.CLUSTER_TAKEN);

    final Function<VirtualStage, String> older;
    final Consumer<VirtualStage> change;
    final Function<VirtualStage, HasMetadata> object;
    final ConditionReason reason;

    Case(
        Function<VirtualStage, String> older,
        Consumer<VirtualStage> change,
        Function<VirtualStage, HasMetadata> object,
        ConditionReason reason) {
      this.older = older;
      this.change = change;
      this.object = object;
      this.reason = reason;
    }

    private static String olderOf(String yaml) {
      return yaml.replaceFirst("(metadata:\\s+name: )\\S+", "$1" + OLDER)
          + "  managementPolicy: Observe\n";
    }
  }

  private static final String OLDER = "older";

  @ParameterizedTest
  @EnumSource(Case.class)
  void nothingIsWrittenWhenAnOlderObjectAppearsAfterThePlan(Case story) {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.manifests().secrets();
      stage.lag(object -> object.getMetadata().getName().equals(OLDER));
      stage.apply(story.older.apply(stage));
      stage.applyReference();
      stage.awaitReference();
      int before = stage.changes().size();

      betweenPlanAndWrite(stage, story, () -> stage.lag(object -> false));
      stage.pass(Duration.ofMinutes(1));

      // The guest itself may be told to keep off a node without the storage.
      assertThat(stage.changes().subList(before, stage.changes().size()))
          .filteredOn(change -> story != Case.POOL || change.contains("/storage"))
          .isEmpty();
      assertThat(
              VirtualStage.isBecause(
                  story.object.apply(stage), ConditionType.STALLED, story.reason.text()))
          .as(stage.table())
          .isTrue();
      assertThat(stage.failures()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void nothingIsWrittenWhenAnotherOperatorHasTakenTheClusterOverAfterThePlan(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      int before = stage.changes().size();

      betweenPlanAndWrite(
          stage,
          Case.GUEST,
          () -> {
            mark(stage);
            stage.until(
                "the other owner to be seen",
                () ->
                    VirtualStage.isBecause(
                        stage.cluster(),
                        ConditionType.STALLED,
                        ConditionReason.CLUSTER_TAKEN.text()),
                Duration.ofMinutes(1));
          });
      stage.pass(Duration.ofMinutes(1));

      assertThat(stage.changes().subList(before, stage.changes().size())).isEmpty();
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** The mark is seen by a round that ended before the cluster was reconciled. */
  @Test
  void nothingIsWrittenOnceAnothersMarkWasSeenAlthoughNoReconcilerHasJudgedItYet() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      int before = stage.changes().size();

      betweenPlanAndWrite(
          stage,
          Case.GUEST,
          () -> {
            mark(stage);
            stage.lookWithoutReconciling(Duration.ofSeconds(20));
          });
      stage.pass(Duration.ofMinutes(1));

      assertThat(stage.changes().subList(before, stage.changes().size())).isEmpty();
    }
  }

  private static void mark(VirtualStage stage) {
    OwnerMark other = new OwnerMark("elsewhere/other", "uid-elsewhere", stage.time.instant(), true);
    new ClusterCalls(new ByHand(stage).on("node1")).setNotes(other.line() + "\n");
  }

  /** Changes the spec, and does this once the step is saved and not yet sent. */
  private static void betweenPlanAndWrite(VirtualStage stage, Case story, Runnable meddling) {
    boolean[] done = {false};
    stage.around(
        write -> {},
        write -> {},
        () -> {
          if (!done[0] && isStepSaved(story.object.apply(stage))) {
            done[0] = true;
            meddling.run();
          }
        });
    story.change.accept(stage);
    stage.until("the step to be planned", () -> done[0], Duration.ofMinutes(1));
  }

  private static boolean isStepSaved(HasMetadata object) {
    return ((CustomResource<?, ?>) object).getStatus() instanceof ReportedStatus<?> status
        && !status.pendingTasks().isEmpty();
  }
}
