package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.FormationPhase;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.PveVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The reference story up to the moment before the node is lost, on both releases. */
class ReferenceStoryTest {

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void makesThreeBareNodesHighlyAvailable(PveVersion version) {
    try (Stage stage = new Stage(SimulatorOptions.standard().withVersion(version).withSpeed(20))) {
      stage.secrets();
      stage.apply(stage.clusterYaml());
      stage.apply(stage.poolYaml());
      stage.apply(stage.guestYaml());
      stage.apply(stage.replicationYaml());

      stage.startOperator();
      stage.awaitCondition(ProxmoxCluster.class, "reference", ConditionType.READY, "True");
      stage.awaitCondition(ZfsPool.class, "tank", ConditionType.READY, "True");
      stage.awaitCondition(HaResource.class, "web", ConditionType.READY, "True");
      stage.awaitCondition(ReplicationJob.class, "web", ConditionType.READY, "True");

      assertThat(stage.cluster().reported().formation().phase()).isEqualTo(FormationPhase.FORMED);
      assertThat(stage.cluster().reported().quorum().votes()).isEqualTo(3);
      assertThat(stage.cluster().reported().quorum().failuresTolerated()).isEqualTo(1);
      assertThat(stage.pool().reported().nodesHealthy()).isEqualTo("3/3");
      assertThat(stage.pool().reported().storage().nodes())
          .containsExactly("node1", "node2", "node3");
      assertThat(stage.guest().reported().node()).isEqualTo("node1");
      assertThat(stage.replication().reported().jobs())
          .extracting(job -> job.target())
          .containsExactlyInAnyOrder("node2", "node3");
    }
  }
}
