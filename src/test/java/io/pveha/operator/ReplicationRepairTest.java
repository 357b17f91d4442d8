package io.pveha.operator;

import static io.pveha.operator.ReplicationStoriesTest.awaitReady;
import static io.pveha.operator.ReplicationStoriesTest.events;
import static io.pveha.operator.ReplicationStoriesTest.fullCopies;
import static io.pveha.operator.ReplicationStoriesTest.jobs;
import static io.pveha.operator.ReplicationStoriesTest.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ReplicationJobStatus.Gap;
import io.pveha.api.v1alpha1.ReplicationJobStatus.Repaired;
import io.pveha.proxmox.ApiRequest;
import io.pveha.simulator.machine.Ledger;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A chain of snapshots breaks: it is told, and healed only where the spec says so. */
class ReplicationRepairTest {

  private static final Duration LONG = Duration.ofMinutes(15);

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void neverDestroysAReplicaAndSaysWhatToDo(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();

      stage.faults().breakChain("node1", "100-0");
      awaitBroken(stage);
      stage.pass(Duration.ofMinutes(20));

      assertThat(message(stage, ConditionType.DEGRADED))
          .contains("Job 100-0", "node2", "repair: Recreate");
      assertThat(VirtualStage.is(stage.replication(), ConditionType.STALLED, "True")).isTrue();
      assertThat(jobs(stage).get(0).error()).startsWith("No common base snapshot on volume(s)");
      assertThat(stage.truth().destroyed()).isEmpty();
      assertThat(events(stage, "ChainBroken")).hasSizeBetween(1, 2);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void recreatesOnceAndNotAgainAtOnce(PveVersion version) {
    try (VirtualStage stage = recreating(version)) {
      stage.faults().breakChain("node1", "100-0");
      stage.until("the removal", () -> !events(stage, "RecreateReplicationJob").isEmpty(), LONG);
      stage.restartOperator();
      awaitReady(stage, "2/2");

      assertThat(stage.truth().destroyed()).hasSize(1);
      assertThat(stage.truth().destroyed().get(0).node()).isEqualTo("node2");
      assertThat(fullCopies(stage)).isEqualTo(3);
      assertThat(stage.replication().reported().repairs())
          .extracting(Repaired::target, Repaired::times)
          .containsExactly(org.assertj.core.groups.Tuple.tuple("node2", 1));

      stage.faults().breakChain("node1", "100-0");
      awaitBroken(stage);
      stage.pass(Duration.ofMinutes(20));
      assertThat(stage.truth().destroyed()).hasSize(1);
      assertThat(message(stage, ConditionType.DEGRADED)).contains("that was done once");
      stage.pass(Duration.ofMinutes(60));
      awaitReady(stage, "2/2");
      assertThat(fullCopies(stage)).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void keepsTheFreshestReplicaUntilAnotherOneIsThere(PveVersion version) {
    try (VirtualStage stage = recreating(version)) {
      stage.faults().replication("node1", "100-1", true);
      stage.pass(Duration.ofMinutes(3));
      stage.faults().breakChain("node1", "100-0");
      awaitBroken(stage);
      stage.pass(Duration.ofMinutes(10));
      assertThat(stage.truth().destroyed()).isEmpty();
      assertThat(message(stage, ConditionType.DEGRADED)).contains("it is the freshest replica");

      stage.faults().replication("node1", "100-1", false);
      stage.until(
          "both well",
          () -> "2/2".equals(stage.replication().reported().jobsHealthy()),
          Duration.ofMinutes(60));
      assertThat(stage.truth().destroyed())
          .extracting(Ledger.Destroyed::node)
          .containsExactly("node2");
    }
  }

  /** What was listed before the pool of the replica hung may be another replica by now. */
  @Test
  void nothingIsProvenByDisksThatWereListedLongAgo() {
    try (VirtualStage stage = recreating(PveVersion.V9_1)) {
      stage.hang(request -> request.path().equals("/nodes/node2/storage/tank/content"));
      stage.pass(Duration.ofMinutes(3));
      stage.faults().breakChain("node1", "100-0");
      awaitBroken(stage);
      stage.pass(Duration.ofMinutes(20));

      assertThat(stage.truth().destroyed()).isEmpty();
      assertThat(message(stage, ConditionType.DEGRADED))
          .contains("the disks of the replica are not listed");

      stage.hang(request -> false);
      awaitReady(stage, "2/2");
      assertThat(stage.truth().destroyed()).hasSize(1);
    }
  }

  @Test
  void bothChainsAreHealedOneAfterTheOther() {
    try (VirtualStage stage = recreating(PveVersion.V9_1)) {
      stage.faults().breakChain("node1", "100-0");
      stage.faults().breakChain("node1", "100-1");
      stage.until(
          "a moment with one replica",
          () -> stage.truth().destroyed().size() == 1,
          Duration.ofMinutes(15));
      stage.until(
          "both well",
          () -> {
            assertThat(stage.truth().guests().get(0).copies()).hasSizeGreaterThanOrEqualTo(2);
            return fullCopies(stage) == 4
                && "2/2".equals(stage.replication().reported().jobsHealthy());
          },
          Duration.ofMinutes(40));
    }
  }

  @Test
  void waitsForTheTargetToBeOnline() {
    try (VirtualStage stage = recreating(PveVersion.V8_3)) {
      stage.faults().breakChain("node1", "100-0");
      stage.until("the removal", () -> !events(stage, "RecreateReplicationJob").isEmpty(), LONG);
      // Whatever was begun: without the target nothing is destroyed twice or made in its place.
      stage.faults().power("node2", false);
      stage.pass(Duration.ofMinutes(5));
      stage.faults().power("node2", true);
      stage.until(
          "both well",
          () -> "2/2".equals(stage.replication().reported().jobsHealthy()),
          Duration.ofMinutes(40));
      assertThat(fullCopies(stage)).isEqualTo(3);
    }
  }

  /** A guest that is recreated by hand under its old number is empty; its replicas are not. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void keepsTheReplicasOfAGuestThatWasMadeAnew(PveVersion version) {
    try (VirtualStage stage = recreating(version)) {
      awaitReady(stage, "2/2");
      ByHand hand = new ByHand(stage);
      hand.on("node1")
          .call(ApiRequest.delete("/nodes/node1/lxc/100").with("purge", true).with("force", true));
      stage.until(
          "its end",
          () -> stage.truth().destroyed().stream().anyMatch(gone -> gone.node().equals("node1")),
          LONG);
      stage.pass(Duration.ofSeconds(5));
      int before = stage.truth().destroyed().size();
      hand.on("node1")
          .call(
              ApiRequest.post("/nodes/node1/lxc")
                  .with("vmid", 100)
                  .with("rootfs", "tank:8")
                  .with("ostemplate", "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"));
      awaitBroken(stage);
      stage.pass(Duration.ofMinutes(30));

      assertThat(stage.truth().destroyed()).hasSize(before);
      assertThat(message(stage, ConditionType.READY))
          .contains("not proven", "It may be the last good copy", ApiNames.REPAIR);
      assertThat(VirtualStage.is(stage.replication(), ConditionType.STALLED, "True")).isTrue();
      String job = jobs(stage).get(0).id();
      stage.annotate(
          stage.replication(),
          ApiNames.REPAIR,
          message(stage, ConditionType.READY)
              .replaceAll(".*" + ApiNames.REPAIR + "=(" + job + "@[^ ]*)\\..*", "$1"));
      stage.until(
          "the one that was released", () -> stage.truth().destroyed().size() == before + 1, LONG);
      stage.pass(Duration.ofMinutes(10));
      assertThat(stage.truth().destroyed()).hasSize(before + 1);
    }
  }

  /** The last run from before seems to be of later, by the clock of its node. */
  @Test
  void aGapIsNotOverByAClockThatIsAhead() {
    try (VirtualStage stage = recreating(PveVersion.V9_1)) {
      stage.faults().clock("node1", Duration.ofMinutes(10));
      stage.pass(Duration.ofMinutes(5));
      stage.changeAnswers(
          (node, request, answer) ->
              request.path().equals("/cluster/resources")
                  ? JsonNodeFactory.instance.arrayNode()
                  : answer);
      stage.until("the gap", () -> !gaps(stage).isEmpty(), LONG);
      stage.faults().replication("node1", "100-0", true);
      stage.faults().replication("node1", "100-1", true);
      stage.changeAnswers((node, request, answer) -> answer);
      stage.pass(Duration.ofMinutes(5));
      assertThat(gaps(stage)).as("no run since").hasSize(1);

      stage.faults().replication("node1", "100-0", false);
      stage.faults().replication("node1", "100-1", false);
      stage.until("its end", () -> gaps(stage).isEmpty(), Duration.ofMinutes(60));
      assertThat(stage.failures()).isEmpty();
    }
  }

  private static List<Gap> gaps(VirtualStage stage) {
    return stage.replication().reported().selection().gaps();
  }

  private static VirtualStage recreating(PveVersion version) {
    VirtualStage stage = VirtualStage.of(version);
    stage.applyReference();
    stage.apply(
        stage
            .manifests()
            .replicationYaml()
            .replace("rpoSeconds: 120", "rpoSeconds: 120\n  repair: Recreate"));
    stage.awaitReference();
    return stage;
  }

  private static void awaitBroken(VirtualStage stage) {
    stage.until(
        "the broken chain",
        () -> VirtualStage.isBecause(stage.replication(), ConditionType.DEGRADED, "ChainBroken"),
        LONG);
  }
}
