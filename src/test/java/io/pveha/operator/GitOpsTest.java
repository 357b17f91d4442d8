package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.simulator.api.SimulatorOptions;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manifests are synced from Git again and again, also after a failover. */
class GitOpsTest {

  @TempDir private Path folder;

  @Test
  void syncAfterAFailoverChangesNothing() {
    Recording recording = new Recording(folder.resolve("record.jsonl"));
    try (Stage stage =
        new Stage(
            SimulatorOptions.standard()
                .withBare(false)
                .withSpeed(20)
                .withRecord(recording.file()))) {
      stage.secrets();
      List<String> manifests =
          List.of(
              stage.clusterYaml("Adopt", "simulated"),
              stage.poolYaml(),
              stage.guestYaml(),
              stage.replicationYaml());
      sync(stage, manifests);
      stage.startOperator();
      stage.awaitCondition(HaResource.class, "web", ConditionType.READY, "True");
      stage.await(
          "every job to have succeeded",
          () -> stage.replication().reported().jobsHealthy(),
          "2/2"::equals);
      stage.simulator.faults().power("node1", false);
      stage.awaitCondition(HaResource.class, "web", ConditionType.FAILING_OVER, "True");
      stage.awaitCondition(HaResource.class, "web", ConditionType.READY, "True");
      stage.await(
          "the guest elsewhere",
          () -> stage.guest().reported().node(),
          node -> !"node1".equals(node));
      stage.awaitCondition(ReplicationJob.class, "web", ConditionType.READY, "True");
      List<String> writes = recording.writes();

      sync(stage, manifests);
      stage.pass(Duration.ofSeconds(5));

      assertThat(objects(stage)).allMatch(object -> object.getMetadata().getGeneration() == 1);
      assertThat(stage.guest().reported().node()).isNotEqualTo("node1");
      assertThat(recording.writes()).isEqualTo(writes);
    }
  }

  /** As Argo CD and Flux do with server-side apply; a difference would be a conflict. */
  private static void sync(Stage stage, List<String> manifests) {
    for (String manifest : manifests) {
      stage
          .client
          .load(new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)))
          .items()
          .forEach(
              object ->
                  stage
                      .client
                      .resource(object)
                      .inNamespace(stage.namespace)
                      .patch(
                          new PatchContext.Builder()
                              .withPatchType(PatchType.SERVER_SIDE_APPLY)
                              .withFieldManager("gitops")
                              .build()));
    }
  }

  private static List<HasMetadata> objects(Stage stage) {
    return Stream.<HasMetadata>of(stage.cluster(), stage.pool(), stage.guest(), stage.replication())
        .toList();
  }
}
