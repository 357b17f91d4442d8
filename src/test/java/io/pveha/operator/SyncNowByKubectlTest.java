package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReplicationJobStatus.Sync;
import io.pveha.api.v1alpha1.SyncPhase;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.PveVersion;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The annotation as the API server of Kubernetes hands it over and takes it off. */
class SyncNowByKubectlTest {

  @TempDir private Path folder;

  @Test
  void annotationIsTakenOffAndEachJobRunsOnce() {
    Recording recording = new Recording(folder.resolve("record.jsonl"));
    try (Stage stage =
        new Stage(
            SimulatorOptions.standard()
                .withBare(false)
                .withVersion(PveVersion.V9_1)
                .withSpeed(20)
                .withRecord(recording.file()))) {
      stage.secrets();
      stage.apply(stage.clusterYaml("Adopt", "simulated"));
      stage.apply(stage.poolYaml());
      stage.apply(stage.guestYaml());
      stage.apply(stage.replicationYaml().replace("*/1", "yearly"));
      stage.startOperator();
      stage.await(
          "every job to have succeeded",
          () -> stage.replication().reported().jobsHealthy(),
          "2/2"::equals);

      stage
          .client
          .resource(stage.replication())
          .edit(
              job -> {
                job.getMetadata().setAnnotations(Map.of(ApiNames.SYNC_NOW, "", "other", "kept"));
                return job;
              });
      stage.await(
          "the end of the order",
          () -> stage.replication().reported().syncNow(),
          order -> order != null && order.finishedAt() != null);

      ReplicationJob job = stage.replication();
      assertThat(job.getMetadata().getAnnotations())
          .containsEntry("other", "kept")
          .doesNotContainKey(ApiNames.SYNC_NOW);
      assertThat(job.reported().syncNow().jobs())
          .hasSize(2)
          .extracting(Sync::phase)
          .containsOnly(SyncPhase.SYNCED);
      assertThat(recording.writes().stream().filter(write -> write.endsWith("schedule_now")))
          .doesNotHaveDuplicates()
          .hasSize(2);
      stage.awaitCondition(ReplicationJob.class, "web", ConditionType.SCHEDULE_ACCEPTED, "True");
    }
  }
}
