package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.contract.ApiSchema;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.PveVersion;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the operator asks from bare nodes until its objects are deleted, and what it is answered, is
 * as Proxmox's own schema of that release says.
 */
class EveryRequestIsValidTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void ofAWholeLife(PveVersion version) {
    ApiSchema schema = ApiSchema.of(version.release());
    Path record = folder.resolve("record.jsonl");
    try (Stage stage =
        new Stage(
            SimulatorOptions.standard().withVersion(version).withSpeed(20).withRecord(record))) {
      stage.secrets();
      stage.apply(
          stage.clusterYaml() + "  haOptions: {scheduler: static, rebalanceOnStart: true}\n");
      stage.apply(stage.poolYaml());
      stage.apply(
          stage.guestYaml()
              + "  deletionPolicy: RemoveFromHA\n"
              + "  placement: {nodes: [{name: node1, priority: 2}, {name: node2}]}\n");
      stage.apply(stage.replicationYaml() + "  deletionPolicy: Delete\n  rateMBps: 50\n");
      stage.startOperator();
      stage.awaitCondition(HaResource.class, "web", ConditionType.READY, "True");
      stage.awaitCondition(ReplicationJob.class, "web", ConditionType.READY, "True");
      stage.apply(stage.replicationYaml().replace("*/1", "*/2") + "  deletionPolicy: Delete\n");
      stage.await(
          "the new schedule to be in force",
          () -> stage.replication().reported().scheduleIntervalSeconds(),
          interval -> interval == 120);
      stage.awaitCondition(ReplicationJob.class, "web", ConditionType.READY, "True");
      stage.delete(ReplicationJob.class, "web");
      stage.delete(HaResource.class, "web");
      stage.delete(ZfsPool.class, "tank");
    }
    assertThat(schema.errorsIn(record)).isEmpty();
    assertThat(new Recording(record).refused()).isEmpty();
  }
}
