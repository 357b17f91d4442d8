package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.JobState;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReplicationJobStatus;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.PveVersion;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node is lost and returns: what is reported meanwhile, and that nothing is undone or redone. */
class NodeLossTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void followsTheGuestAndKeepsItsReplicas(PveVersion version) {
    Recording recording = new Recording(folder.resolve("record.jsonl"));
    try (Stage stage =
        new Stage(
            SimulatorOptions.standard()
                .withBare(false)
                .withVersion(version)
                .withSpeed(20)
                .withRecord(recording.file()))) {
      stage.secrets();
      stage.apply(stage.clusterYaml("Adopt", "simulated"));
      stage.apply(stage.poolYaml());
      stage.apply(stage.guestYaml());
      stage.apply(stage.replicationYaml());
      stage.startOperator();
      stage.awaitCondition(HaResource.class, "web", ConditionType.READY, "True");
      stage.awaitCondition(ReplicationJob.class, "web", ConditionType.READY, "True");
      stage.await(
          "every job to have succeeded",
          () -> stage.replication().reported().jobsHealthy(),
          "2/2"::equals);
      List<String> writesBefore = recording.writes();
      Instant syncedBefore = stage.replication().reported().oldestSync();

      stage.simulator.faults().power("node1", false);
      stage.awaitReason(
          ProxmoxCluster.class,
          "reference",
          ConditionType.READY,
          ConditionReason.NODE_OFFLINE.text());
      stage.awaitCondition(HaResource.class, "web", ConditionType.FAILING_OVER, "True");
      stage.awaitCondition(HaResource.class, "web", ConditionType.READY, "True");

      assertThat(stage.guest().reported().node()).isIn("node2", "node3");
      assertThat(stage.guest().reported().homeNode()).isEqualTo("node1");
      assertThat(stage.pool().reported().nodesHealthy()).isEqualTo("2/3");
      stage.await(
          "the job to the lost node to say so",
          () -> stage.replication().reported().jobs(),
          jobs -> jobs.stream().anyMatch(job -> job.state() == JobState.TARGET_OFFLINE));
      assertThat(stage.replication().reported().jobs())
          .as(
              "guest on %s, jobs %s",
              stage.guest().reported().node(), stage.replication().reported().jobs())
          .filteredOn(job -> !job.target().equals("node1"))
          .extracting(ReplicationJobStatus.Job::lastSync)
          .allMatch(sync -> sync != null && !sync.isBefore(syncedBefore));

      stage.simulator.faults().power("node1", true);
      stage.awaitCondition(ProxmoxCluster.class, "reference", ConditionType.READY, "True");
      stage.awaitCondition(ZfsPool.class, "tank", ConditionType.READY, "True");
      stage.await(
          "every job to succeed again, turned round",
          () -> stage.replication().reported(),
          status -> "2/2".equals(status.jobsHealthy()));

      assertThat(stage.guest().reported().node()).isNotEqualTo("node1");
      assertThat(recording.writes()).isEqualTo(writesBefore);
    }
  }
}
