package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.PveVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kill -9 while the cluster is created and while each node joins; then it is started again. */
class FormationKillNineTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void endsInTheSameClusterWithNothingAskedTwice(PveVersion version) throws IOException {
    Recording recording = new Recording(folder.resolve("record.jsonl"));
    Path log = folder.resolve("operator.log");
    Path kubeconfig = StageApi.get().kubeconfig();
    try (Stage stage =
        new Stage(
            SimulatorOptions.standard()
                .withVersion(version)
                .withSpeed(5)
                .withRecord(recording.file()))) {
      stage.secrets();
      stage.apply(stage.clusterYaml());
      for (Predicate<ProxmoxCluster> moment : moments()) {
        try (OperatorProcess operator = OperatorProcess.start(kubeconfig, stage.namespace, log)) {
          stage.await(
              "the moment to kill",
              () -> {
                assertThat(operator.isAlive()).as("the operator lives").isTrue();
                return stage.cluster();
              },
              moment);
        }
      }
      try (OperatorProcess operator = OperatorProcess.start(kubeconfig, stage.namespace, log)) {
        stage.awaitCondition(ProxmoxCluster.class, "reference", ConditionType.READY, "True");
        assertThat(operator.isAlive()).isTrue();
      }

      assertThat(recording.accepted("POST", "/cluster/config")).isEqualTo(1);
      assertThat(recording.accepted("POST", "/cluster/config/join")).isEqualTo(2);
    }
  }

  /** Intent saved, task saved, node under way: as soon as status shows it. */
  private static List<Predicate<ProxmoxCluster>> moments() {
    return List.of(
        isPending("CreateCluster", "reference", false),
        isPending("CreateCluster", "reference", true),
        isPending("JoinNode", "node2", false),
        isPending("JoinNode", "node3", true));
  }

  private static Predicate<ProxmoxCluster> isPending(String action, String subject, boolean named) {
    return cluster ->
        isPast(cluster, subject)
            || cluster.reported().pendingTasks().stream()
                .filter(task -> task.action().equals(action) && task.subject().equals(subject))
                .anyMatch(task -> !named || task.upid() != null);
  }

  /** A process that came too late to be seen at it is killed all the same. */
  private static boolean isPast(ProxmoxCluster cluster, String subject) {
    return cluster.reported().formation() != null
        && (cluster.reported().formation().members().contains(subject)
            || (subject.equals("reference")
                && !cluster.reported().formation().members().isEmpty()));
  }
}
