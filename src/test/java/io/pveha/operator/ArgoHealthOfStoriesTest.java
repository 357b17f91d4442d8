package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.packaging.LuaHealth;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Argo CD shows of the objects at moments of stories, as the operator itself reports them. */
class ArgoHealthOfStoriesTest {

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void whatIsBeingSetUpProgressesAndIsHealthyInTheEnd() throws Exception {
    try (VirtualStage stage = new VirtualStage(SimulatorOptions.standard())) {
      stage.manifests().secrets();
      stage.apply(stage.manifests().clusterYaml());
      stage.apply(stage.manifests().poolYaml());
      stage.apply(stage.manifests().guestYaml());
      stage.apply(stage.manifests().replicationYaml());

      assertThat(shown(stage.cluster()).status()).isEqualTo("Progressing");
      stage.pass(Duration.ofSeconds(3));
      assertThat(shown(stage.cluster()).status()).isEqualTo("Progressing");
      assertThat(shown(stage.pool()).status()).isEqualTo("Progressing");
      assertThat(shown(stage.guest()).status()).isEqualTo("Progressing");
      assertThat(shown(stage.replication()).status()).isEqualTo("Progressing");
      awaitSeen(stage, ZfsPool.class, "tank", ConditionType.READY, "Creating|InProgress");
      assertThat(shown(stage.pool()).status()).isEqualTo("Progressing");
      awaitSeen(stage, HaResource.class, "web", ConditionType.IN_REQUESTED_STATE, "Starting");
      assertThat(shown(stage.guest()).status()).isEqualTo("Progressing");
      stage.awaitReference();
      assertThat(shown(stage.cluster()).status()).isEqualTo("Healthy");
      assertThat(shown(stage.pool()).status()).isEqualTo("Healthy");
      assertThat(shown(stage.guest()).status()).isEqualTo("Healthy");
      assertThat(shown(stage.replication()).status()).isEqualTo("Healthy");
    }
  }

  @Test
  void lostNodeDegradesTheClusterWhileItsGuestProgresses() throws Exception {
    try (VirtualStage stage = reference()) {
      stage.faults().power("node1", false);
      awaitSeen(stage, HaResource.class, "web", ConditionType.FAILING_OVER, "NodeLost");

      assertThat(shown(stage.guest()).status()).isEqualTo("Progressing");
      assertThat(shown(stage.cluster()).status()).isEqualTo("Degraded");
      assertThat(shown(stage.cluster()).message()).contains("node1");
      stage.pass(Duration.ofMinutes(6));
      assertThat(shown(stage.guest()).status()).isEqualTo("Healthy");
      stage.faults().power("node2", false);
      awaitSeen(stage, ProxmoxCluster.class, "reference", ConditionType.QUORATE, "QuorumLost");
      assertThat(shown(stage.cluster()).status()).isEqualTo("Degraded");
      assertThat(shown(stage.cluster()).message()).contains("QuorumLost");
    }
  }

  @Test
  void whatNeedsSomebodyIsDegraded() throws Exception {
    try (VirtualStage stage = reference()) {
      stage.faults().pool("node2", "tank", "DEGRADED");
      stage.faults().replication("node1", "100-0", true);
      stage.faults().replication("node1", "100-1", true);
      awaitSeen(stage, ZfsPool.class, "tank", ConditionType.POOLS_HEALTHY, "PoolDegraded");
      assertThat(shown(stage.pool()).status()).isEqualTo("Degraded");
      assertThat(shown(stage.pool()).message()).contains("node2");
      awaitSeen(stage, ReplicationJob.class, "web", ConditionType.DEGRADED, "JobFailing");
      assertThat(shown(stage.replication()).status()).isEqualTo("Degraded");
      awaitSeen(stage, ReplicationJob.class, "web", ConditionType.RPO_MET, "RpoMissed");
      assertThat(shown(stage.replication()).status()).isEqualTo("Degraded");

      stage.manifests().secret("token", Map.of("tokenSecret", "wrong"));
      awaitSeen(
          stage,
          ProxmoxCluster.class,
          "reference",
          ConditionType.CONNECTED,
          "CredentialsRejected|SecretIncomplete");
      assertThat(shown(stage.cluster()).status()).isEqualTo("Degraded");
    }
  }

  @Test
  void whatIsNotToBeDoneIsSuspended() throws Exception {
    try (VirtualStage stage = reference()) {
      patch(stage, stage.replication(), "{\"spec\": {\"suspend\": true}}");
      patch(stage, stage.guest(), "{\"spec\": {\"state\": \"ignored\"}}");
      patch(stage, stage.pool(), "{\"spec\": {\"managementPolicy\": \"Observe\"}}");
      patch(
          stage,
          stage.cluster(),
          "{\"spec\": {\"health\": {\"paused\": [\"the switch is replaced\"]}}}");

      assertThat(shown(stage.cluster()).status()).as("not looked at yet").isEqualTo("Progressing");
      stage.pass(Duration.ofMinutes(2));
      assertThat(shown(stage.replication()).status()).isEqualTo("Suspended");
      assertThat(shown(stage.guest()).status()).isEqualTo("Suspended");
      assertThat(shown(stage.pool()).status()).isEqualTo("Suspended");
      assertThat(shown(stage.cluster()).status()).isEqualTo("Suspended");
      assertThat(shown(stage.cluster()).message()).contains("the switch is replaced");
    }
  }

  private static VirtualStage reference() {
    VirtualStage stage = VirtualStage.of(PveVersion.V9_1);
    stage.applyReference();
    stage.awaitReference();
    return stage;
  }

  private static void patch(VirtualStage stage, HasMetadata object, String change) {
    stage.client.resource(object).patch(PatchContext.of(PatchType.JSON_MERGE), change);
  }

  private static void awaitSeen(
      VirtualStage stage,
      Class<? extends HasMetadata> kind,
      String name,
      ConditionType type,
      String reasons) {
    stage.until(
        "%s %s because of %s".formatted(name, type, reasons),
        () ->
            VirtualStage.condition(stage.get(kind, name), type)
                .filter(condition -> condition.getReason().matches(reasons))
                .isPresent(),
        LIMIT);
  }

  private static LuaHealth.Health shown(HasMetadata object) throws Exception {
    return new LuaHealth().of(JSON.readTree(Serialization.asJson(object)));
  }
}
