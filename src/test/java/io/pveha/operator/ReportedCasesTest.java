package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.api.v1alpha1.ReplicationJobStatus.Job;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clusters and jobs as public reports tell of them: what is said of each, and what is not done. */
class ReportedCasesTest {

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A job to a node that pvecm delnode took away: Proxmox marks it, and never removes it. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aJobToANodeThatIsGoneIsNamedWithTheCommandThatRemovesIt(PveVersion version) {
    try (VirtualStage stage = reference(version)) {
      String job =
          """
          {"id": "100-9", "type": "local", "guest": 100, "jobnum": 9, "schedule": "*/15",
           "source": "node1", "target": "node9", "remove_job": "full"}
          """;
      String run =
          """
          {"id": "100-9", "guest": 100, "jobnum": 9, "vmtype": "lxc", "source": "node1",
           "target": "node9", "last_sync": 0, "last_try": 1767600000, "fail_count": 7,
           "error": "no such cluster node 'node9'"}
          """;
      stage.changeAnswers(
          (node, request, answer) ->
              switch (request.path()) {
                case "/cluster/replication" -> with(answer, job);
                case "/nodes/node1/replication" -> with(answer, run);
                default -> answer;
              });
      int before = stage.changes().size();
      awaitStalled(stage, stage.replication(), ConditionReason.REMOVAL_PENDING);
      stage.pass(LONG);

      assertThat(ready(stage.replication()).getMessage())
          .contains("node9, which is no longer a member", "`pvesr delete 100-9 --force` on node1");
      assertThat(stage.changes()).hasSize(before);
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.FAILOVER_READY, "True")).isTrue();
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** As ACME does while clients run: the others tell the new certificate. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aCertificateThatIsRenewedIsLearnedFromTheOthers(PveVersion version) {
    try (VirtualStage stage = reference(version)) {
      int before = stage.changes().size();
      stage.faults().renewCertificate("node1");
      String renewed =
          stage.simulator.world().read(() -> stage.simulator.world().node("node1").fingerprint());
      stage.until("the new one is known", () -> fingerprint(stage, "node1").equals(renewed), SOON);
      stage.until(
          "it is reached", () -> stage.is("node1", NodeConditionType.REACHABLE, "True"), SOON);
      stage.awaitReference();

      assertThat(stage.changes()).hasSize(before);
      assertThat(stage.failures()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void theLargestNumberOfAGuestIsOneLikeOthers(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.manifests().secrets();
      stage.applyCluster("");
      stage.apply(stage.manifests().poolYaml());
      stage.apply(stage.manifests().guestYaml().replace("vmid: 100", "vmid: 999999999"));
      stage.apply(stage.manifests().replicationYaml().replace("vmid: 100", "vmid: 999999999"));
      stage.awaitReference();
      assertThat(stage.replication().reported().jobs())
          .extracting(Job::id)
          .containsExactly("999999999-0", "999999999-1");

      stage.faults().power("node1", false);
      stage.until(
          "the guest elsewhere",
          () ->
              stage.truth().guests().stream()
                  .allMatch(
                      guest ->
                          List.of("node2", "node3").containsAll(guest.answersOn())
                              && guest.answersOn().size() == 1),
          LONG);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aNodeWrittenInAnotherCaseIsToldByOneSentence(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.manifests().secrets();
      stage.apply(
          stage
              .manifests()
              .clusterYaml("Adopt", "simulated")
              .replace("name: node1,", "name: Node1,"));
      stage.until(
          "it is told",
          () -> VirtualStage.is(stage.cluster(), ConditionType.STALLED, "True"),
          SOON);
      stage.pass(LONG);

      assertThat(ready(stage.cluster()).getMessage())
          .contains("node1")
          .doesNotContain("add node1", "take it off", "formation: Create");
      assertThat(stage.changes()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void oneNodeAloneIsToldToGetOthers(PveVersion version) {
    try (VirtualStage stage =
        new VirtualStage(
            SimulatorOptions.standard().withBare(false).withNodes(1).withVersion(version))) {
      stage.manifests().secrets();
      stage.applyCluster("");
      stage.apply(stage.manifests().poolYaml().replaceAll("(?m)^ *- .name: node[23].*\n", ""));
      stage.apply(stage.manifests().guestYaml());
      stage.apply(stage.manifests().replicationYaml());
      awaitStalled(stage, stage.replication(), ConditionReason.NO_TARGET);
      stage.until(
          "the guest", () -> VirtualStage.is(stage.guest(), ConditionType.READY, "True"), SOON);
      stage.pass(SOON);

      assertThat(condition(stage.cluster(), ConditionType.VOTES_SOUND))
          .satisfies(
              votes -> {
                assertThat(votes.getStatus()).isEqualTo("False");
                assertThat(votes.getMessage()).contains("Add two nodes").doesNotContain("device");
              });
      assertThat(condition(stage.cluster(), ConditionType.FAILOVER_READY))
          .satisfies(
              failover -> {
                assertThat(failover.getStatus()).isEqualTo("False");
                assertThat(failover.getReason())
                    .isEqualTo(ConditionReason.NO_FAILURE_TOLERATED.text());
                assertThat(failover.getMessage()).doesNotContain("device", "1 vote are");
              });
      assertThat(condition(stage.replication(), ConditionType.DEGRADED).getMessage())
          .doesNotContain("being set up");
      assertThat(stage.failures()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void dataInTheWayOfAJobIsNamedAndNotRemoved(PveVersion version) {
    try (VirtualStage stage = reference(version)) {
      int before = stage.changes().size();
      stage
          .faults()
          .replication("node1", "100-0", "volume 'tank:subvol-100-disk-0' already exists");
      stage.until(
          "it is told",
          () ->
              VirtualStage.isBecause(
                  stage.replication(), ConditionType.DEGRADED, ConditionReason.JOB_FAILING.text()),
          SOON);
      stage.pass(LONG);

      assertThat(condition(stage.replication(), ConditionType.DEGRADED).getMessage())
          .contains("already exists", "tank:subvol-100-disk-0", "pvesm free");
      assertThat(VirtualStage.is(stage.replication(), ConditionType.RPO_MET, "True")).isTrue();
      assertThat(stage.changes().subList(before, stage.changes().size()))
          .noneMatch(change -> change.contains("replication"));
      assertThat(stage.truth().destroyed()).isEmpty();
      assertThat(stage.truth().removed()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aQuorumDeviceCountsOnlyWhileItIsConnected(PveVersion version) {
    try (VirtualStage stage =
        new VirtualStage(
            SimulatorOptions.standard().withBare(false).withNodes(2).withVersion(version))) {
      stage.manifests().secrets();
      stage.applyCluster("");
      stage.apply(stage.manifests().poolYaml().replaceAll("(?m)^ *- .name: node3.*\n", ""));
      stage.apply(stage.manifests().guestYaml());
      stage.apply(stage.manifests().replicationYaml());
      stage.until(
          "the replica", () -> "1/1".equals(stage.replication().reported().jobsHealthy()), LONG);
      for (String state : List.of("Disconnected", "Connected", "Connect failed", "Connecting")) {
        boolean counts = state.equals("Connected");
        stage
            .faults()
            .qdevice(
                Map.of(
                    "Model", "Net",
                    "Algorithm", "Fifty-Fifty split",
                    "State", state,
                    "QNetd host", "10.0.0.50:5403"));
        stage.until(
            state,
            () ->
                VirtualStage.condition(stage.cluster(), ConditionType.VOTES_SOUND)
                        .filter(votes -> votes.getStatus().equals(counts ? "True" : "False"))
                        .filter(votes -> counts || votes.getMessage().contains("(" + state + ")"))
                        .isPresent()
                    && VirtualStage.is(
                        stage.cluster(), ConditionType.FAILOVER_READY, counts ? "True" : "False"),
            SOON);
        if (!counts) {
          assertThat(condition(stage.cluster(), ConditionType.VOTES_SOUND).getMessage())
              .contains("10.0.0.50", "corosync-qnetd")
              .doesNotContain("set up");
          assertThat(condition(stage.cluster(), ConditionType.FAILOVER_READY).getMessage())
              .contains("1 of 3 votes is left", "Connect the quorum device")
              .doesNotContain("set up");
        }
      }

      // A node is not taken out of use on the strength of a vote that nobody casts.
      stage.applyCluster(
          """
          health:
            rules: [{condition: PoolsUsable, status: "False", forSeconds: 10, action: Evacuate}]
          """);
      stage.faults().pool("node2", "tank", "SUSPENDED");
      stage.until(
          "it is held back",
          () -> VirtualStage.is(stage.cluster(), ConditionType.ACTION_HELD_BACK, "True"),
          SOON);
      assertThat(condition(stage.cluster(), ConditionType.ACTION_HELD_BACK).getMessage())
          .contains("Without node2, 1 vote is left, of 2 needed");
    }
  }

  private static VirtualStage reference(PveVersion version) {
    VirtualStage stage = VirtualStage.of(version);
    stage.applyReference();
    stage.awaitReference();
    return stage;
  }

  private static JsonNode with(JsonNode list, String row) {
    try {
      ArrayNode longer = list.deepCopy();
      return longer.add(JSON.readTree(row));
    } catch (com.fasterxml.jackson.core.JsonProcessingException never) {
      throw new IllegalArgumentException(row, never);
    }
  }

  private static void awaitStalled(VirtualStage stage, HasMetadata object, ConditionReason reason) {
    stage.until(
        reason.text(),
        () ->
            VirtualStage.isBecause(
                stage.client.resource(object).get(), ConditionType.STALLED, reason.text()),
        SOON);
  }

  private static String fingerprint(VirtualStage stage, String name) {
    return stage.cluster().reported().nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .map(node -> String.valueOf(node.tlsFingerprint()))
        .orElse("");
  }

  private static Condition ready(HasMetadata object) {
    return condition(object, ConditionType.READY);
  }

  private static Condition condition(HasMetadata object, ConditionType type) {
    return VirtualStage.condition(object, type).orElseThrow();
  }
}
