package io.pveha.operator;

import static io.pveha.operator.ReplicationSelectionTest.awaitHealthy;
import static io.pveha.operator.ReplicationSelectionTest.copies;
import static io.pveha.operator.ReplicationSelectionTest.create;
import static io.pveha.operator.ReplicationSelectionTest.selecting;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.FailoverCause;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceStatus.RequestedMove;
import io.pveha.api.v1alpha1.HealthAction;
import io.pveha.api.v1alpha1.MovePhase;
import io.pveha.api.v1alpha1.PendingTask;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Away;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Health;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Move;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Node;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Treatment;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReplicationJobStatus;
import io.pveha.api.v1alpha1.ReplicationJobStatus.Job;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.Ledger;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody who may write to a status writes what the operator would act on. */
class SealedStatusTest {

  private static final String FOREIGN = String.join(":", Collections.nCopies(32, "EE"));
  private static final String FOREIGN_TASK =
      "UPID:node1:0000ABCD:0000ABCD:695B6D00:vzdestroy:100:somebody@pve:";

  @ParameterizedTest(name = "operator restarts: {0}")
  @ValueSource(booleans = {false, true})
  void nothingThatSomebodyElseWroteIsActedOnAndItIsToldOnce(boolean restarts) {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      stage.restartOperator();
      stage.pass(Duration.ofMinutes(1));
      assertThat(told(stage)).as("of a restart alone").isEmpty();
      List<String> fingerprints = fingerprints(stage);
      int writes = stage.writes().size();

      forgeCluster(stage);
      forgeGuest(stage);
      if (restarts) {
        stage.restartOperator();
      }
      stage.pass(Duration.ofMinutes(4));

      assertThat(stage.writes().subList(writes, stage.writes().size())).isEmpty();
      assertThat(stage.guest().reported().node()).isEqualTo("node1");
      assertThat(stage.guest().reported().requestedMove()).isNull();
      assertThat(stage.guest().reported().homeNode()).isEqualTo("node1");
      ProxmoxClusterStatus status = stage.cluster().reported();
      assertThat(status.moves()).isEmpty();
      assertThat(status.away()).isEmpty();
      assertThat(status.health()).isNull();
      assertThat(fingerprints(stage)).isEqualTo(fingerprints);
      assertThat(told(stage))
          .allMatch(event -> event.getType().equals("Warning"))
          .extracting(event -> event.getInvolvedObject().getKind())
          .containsExactlyInAnyOrder("ProxmoxCluster", "HaResource");
      assertThat(stage.failures()).allMatch(failure -> failure.contains("retry"));
      stage.until(
          "all to be well",
          () ->
              Stream.of(stage.cluster(), stage.guest())
                  .allMatch(object -> VirtualStage.is(object, ConditionType.READY, "True")),
          Duration.ofMinutes(1));
    }
  }

  @Test
  void certificatesThatWereLearnedOutliveARestartAndForgedOnesAreNeverTrusted() {
    try (VirtualStage stage =
        new VirtualStage(SimulatorOptions.standard().withVersion(PveVersion.V9_1))) {
      stage.manifests().secrets();
      stage.apply(stage.manifests().clusterYaml());
      stage.until(
          "a formed cluster",
          () -> VirtualStage.is(stage.cluster(), ConditionType.READY, "True"),
          Duration.ofMinutes(15));
      List<String> learned = fingerprints(stage);
      assertThat(learned.get(1))
          .as("joining gave node2 another certificate")
          .isNotEqualTo(stage.cluster().getSpec().nodes().get(1).tlsFingerprint());

      // node1 alone still has the certificate of the spec, so that nothing can be learned anew.
      stage.cutOperatorOff("node1", true);
      stage.restartOperator();
      stage.pass(Duration.ofMinutes(1));
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.CONNECTED, "True")).isTrue();
      assertThat(fingerprints(stage)).isEqualTo(learned);
      assertThat(told(stage)).isEmpty();

      ProxmoxCluster cluster = stage.cluster();
      cluster.setStatus(cluster.reported().withSeal(null));
      stage.client.resource(cluster).updateStatus();
      stage.restartOperator();
      stage.pass(Duration.ofMinutes(1));
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.CONNECTED, "False")).isTrue();
      assertThat(told(stage)).hasSize(1);

      stage.cutOperatorOff("node1", false);
      stage.until(
          "all to be learned through node1",
          () -> fingerprints(stage).equals(learned),
          Duration.ofMinutes(2));
      stage.until(
          "the cluster",
          () -> VirtualStage.is(stage.cluster(), ConditionType.READY, "True"),
          Duration.ofMinutes(2));
      assertThat(told(stage)).hasSize(1);
    }
  }

  @Test
  void noRowOfAStatusMakesAJobOfOthersTheOperatorsToRemove() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      create(stage, 200, "gold", "tank");
      JobMarksTest.byHand(stage, "200-5", "node3", "");
      stage.apply(selecting(stage, "Delete"));
      awaitHealthy(stage, "gold", "2/2");

      ReplicationJob gold = stage.get(ReplicationJob.class, "gold");
      ReplicationJobStatus status = gold.reported();
      Job own = status.jobs().stream().filter(Job::managed).findFirst().orElseThrow();
      List<Job> forged =
          status.jobs().stream()
              .map(job -> job.id().equals("200-5") ? named("200-5", "node3", own) : job)
              .toList();
      assertThat(forged).isNotEqualTo(status.jobs());
      List<Ledger.Destroyed> destroyed = stage.truth().destroyed();
      List<Ledger.Destroyed> removed = stage.truth().removed();
      List<String> changes = stage.changes();
      gold.setStatus(status.withJobs(forged));
      stage.client.resource(gold).updateStatus();
      stage.restartOperator();
      stage.pass(Duration.ofMinutes(3));
      // What is its own and not wanted any more goes, with its replica.
      stage.apply(selecting(stage, "Delete").replace("{allOthers: true}", "{nodes: [node2]}"));
      stage.pass(Duration.ofMinutes(3));

      assertThat(stage.changes()).isEqualTo(changes);
      assertThat(stage.truth().destroyed()).isEqualTo(destroyed);
      assertThat(stage.truth().removed()).isEqualTo(removed);
      assertThat(JobMarksTest.comment(stage, "200-5")).isNullOrEmpty();
      assertThat(copies(stage, 200)).containsExactly("node1", "node2", "node3");
      awaitHealthy(stage, "gold", "2/2");
      assertThat(told(stage))
          .extracting(event -> event.getInvolvedObject().getName())
          .containsExactly("gold");
    }
  }

  private static Job named(String id, String target, Job like) {
    return new Job(
        id,
        like.vmid(),
        like.source(),
        target,
        like.state(),
        like.lastSync(),
        like.lastTry(),
        like.nextSync(),
        like.rpoMet(),
        like.durationSeconds(),
        like.failCount(),
        like.error(),
        true);
  }

  private static void forgeCluster(VirtualStage stage) {
    Instant now = stage.time.instant();
    ProxmoxCluster cluster = stage.cluster();
    ProxmoxClusterStatus status = cluster.reported();
    cluster.setStatus(
        status
            .withNodes(status.nodes().stream().map(SealedStatusTest::withForeign).toList())
            .withMoves(
                List.of(
                    new Move(
                        "forged",
                        "ct:100",
                        "node1",
                        "node2",
                        FailoverCause.REQUESTED,
                        MovePhase.MOVING,
                        now,
                        now.plusSeconds(600),
                        null,
                        null,
                        null)),
                List.of(
                    new Away(
                        "ct:100",
                        "node2",
                        "node1",
                        FailoverCause.MAINTENANCE,
                        now.minusSeconds(3600))))
            .withHealth(
                new Health(
                    null,
                    List.of(
                        new Treatment(
                            "node1",
                            HealthAction.EVACUATE,
                            "PoolsUsable",
                            now.minusSeconds(60),
                            null,
                            "forged")),
                    List.of()))
            .withPendingTasks(
                List.of(
                    new PendingTask(
                        "SetOption", "node1", "ha", FOREIGN_TASK, now, now.plusSeconds(600), 1))));
    stage.client.resource(cluster).updateStatus();
  }

  private static Node withForeign(Node node) {
    return new Node(
        node.name(),
        node.nodeId(),
        node.address(),
        node.online(),
        node.pveVersion(),
        node.votes(),
        node.site(),
        node.roles(),
        FOREIGN,
        node.joinedAt(),
        node.conditions());
  }

  private static void forgeGuest(VirtualStage stage) {
    HaResource guest = stage.guest();
    guest.setStatus(
        guest
            .reported()
            .withHomeNode("node2")
            .withRequestedMove(new RequestedMove("node2", stage.time.instant())));
    stage.client.resource(guest).updateStatus();
  }

  private static List<String> fingerprints(VirtualStage stage) {
    return stage.cluster().reported().nodes().stream()
        .map(Node::tlsFingerprint)
        .filter(Objects::nonNull)
        .toList();
  }

  private static List<Event> told(VirtualStage stage) {
    return stage.events().stream()
        .filter(event -> event.getReason().equals("StatusNotTrusted"))
        .toList();
  }
}
