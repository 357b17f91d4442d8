package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.app.rehearse.ClusterRehearsal;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.PveVersion;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An owner rehearses an outage of a live cluster: it is told, and nothing is touched. */
class RehearseClusterTest {

  @TempDir private Path folder;

  private record Told(int status, String out, String err) {}

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void tellsWhatWouldHappenAndWritesNowhere(PveVersion version) throws InterruptedException {
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
      stage.await(
          "every job to have succeeded",
          () -> stage.replication().reported().jobsHealthy(),
          "2/2"::equals);
      stage.stopOperator();
      List<String> writesBefore = recording.writes();

      Told one = rehearse(stage, "reference", "node1");
      Told each = rehearse(stage, "reference");
      Told two = rehearse(stage, "reference", "node1", "node2");
      Told unknownNode = rehearse(stage, "reference", "node9");
      Told unknownCluster = rehearse(stage, "nowhere", "node1");

      assertThat(one.status()).as(one.toString()).isZero();
      assertThat(one.out())
          .containsPattern("t\\+7s +membership changes: 2 of 3 votes are left, 2 are needed")
          .containsPattern("ct:100 +recovered +node[23] +\\d+ s +last \\d+ s")
          .containsPattern("ct:100 serves again on node[23]")
          .contains("1 recovered, 0 stranded, 0 not affected.");
      assertThat(each.status()).isZero();
      assertThat(each.out()).contains("If node1 were", "If node2 were", "If node3 were");
      assertThat(two.status()).isEqualTo(3);
      assertThat(two.out()).contains("1 of 3 votes are left", "ct:100 stays down.", "1 stranded");
      assertThat(unknownNode.status()).isEqualTo(2);
      assertThat(unknownNode.err()).contains("'node9' is not a node", "node1, node2, node3");
      assertThat(unknownCluster.status()).isEqualTo(1);
      assertThat(unknownCluster.err()).contains("no ProxmoxCluster nowhere in namespace");
      assertThat(recording.writes()).isEqualTo(writesBefore);
      assertThat(stage.get(ReplicationJob.class, "web").getMetadata().getGeneration()).isEqualTo(1);
    }
  }

  private static Told rehearse(Stage stage, String cluster, String... lost)
      throws InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        new ClusterRehearsal(
                stage.client, Clock.systemUTC(), new PrintStream(out), new PrintStream(err))
            .run(cluster, Optional.of(stage.namespace), List.of(lost));
    return new Told(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
