package io.pveha.simulator.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pveha.simulator.faults.Faults.Direction;
import io.pveha.simulator.machine.Machine.FrontDoor;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.machine.WorldFailure;
import io.pveha.simulator.world.NodeOverview;
import io.pveha.simulator.world.TestCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MembershipTest {

  private final TestCluster cluster = TestCluster.formed(PveVersion.V9_1, 3);

  @ParameterizedTest
  @EnumSource(Direction.class)
  void lossOfANodeIsBelievedAfterSixAndAHalfSecondsAndItsReturnAfterTwoAndAHalf(
      Direction direction) {
    cluster.faults.network("node1", direction, false);

    Duration lost = until(() -> !cluster.node("node2").membership().isOnline("node1"));
    assertThat(lost).isBetween(Duration.ofMillis(6500), Duration.ofMillis(6900));
    cluster.pass(1);
    assertThat(cluster.node("node1").membership().quorate()).isFalse();
    assertThat(cluster.node("node1").membership().members()).containsExactly("node1");
    assertThat(cluster.node("node2").membership().quorate()).isTrue();

    cluster.faults.network("node1", direction, true);
    Duration back = until(() -> cluster.node("node1").membership().quorate());
    assertThat(back).isBetween(Duration.ofMillis(2500), Duration.ofMillis(2700));
  }

  @Test
  void shortInterruptionIsNoticedByNobody() {
    cluster.faults.network("node1", Direction.BOTH, false);
    cluster.pass(3);
    cluster.faults.network("node1", Direction.BOTH, true);
    cluster.pass(20);

    assertThat(cluster.node("node2").membership().members()).hasSize(3);
    assertThat(cluster.node("node2").log())
        .noneMatch(line -> line.message().startsWith("members: node2"));
  }

  @Test
  void writeDuringTheChangeHangsAndThenSucceedsOnTheQuorateSide() {
    cluster.faults.network("node1", Direction.BOTH, false);
    cluster.pass(2);
    Instant begun = cluster.clock.now();

    cluster.tell("node2", node -> node.overview().setOptions(Map.of("console", "html5"), Set.of()));

    assertThat(Duration.between(begun, cluster.clock.now()))
        .isBetween(Duration.ofMillis(4500), Duration.ofMillis(4900));
    assertThat(cluster.node("node3").overview().options()).containsEntry("console", "html5");
    assertThat(cluster.node("node1").overview().options()).doesNotContainKey("console");
  }

  @Test
  void writeInFlightOnTheCutNodeEndsBusyAndLaterOnesAreRefused() {
    cluster.faults.network("node1", Direction.BOTH, false);
    cluster.pass(2);

    assertThatThrownBy(this::writeOnNode1).isInstanceOf(WorldFailure.Busy.class);
    assertThatThrownBy(this::writeOnNode1)
        .isInstanceOf(WorldFailure.NoQuorum.class)
        .hasMessageContaining("no quorum");
  }

  @Test
  void cutNodeReadsTheOldStateAndTakesOverTheNewOneWhenItReturns() {
    cluster.faults.network("node1", Direction.BOTH, false);
    cluster.pass(10);
    cluster.tell("node2", node -> node.overview().setOptions(Map.of("console", "html5"), Set.of()));
    assertThat(cluster.node("node1").overview().options()).doesNotContainKey("console");

    cluster.faults.network("node1", Direction.BOTH, true);
    cluster.pass(3);

    assertThat(cluster.node("node1").overview().options()).containsEntry("console", "html5");
  }

  @Test
  void deadNodeDropsThoseWhoWaitedOnIt() {
    cluster.faults.network("node1", Direction.BOTH, false);
    cluster.pass(2);
    CompletableFuture<String> write =
        cluster.world.submit(
            () -> {
              cluster.node("node1").overview().setOptions(Map.of("console", "html5"), Set.of());
              return "done";
            });

    cluster.faults.power("node1", false);

    assertThatThrownBy(write::join).hasCauseInstanceOf(WorldFailure.Dropped.class);
  }

  @Test
  void nodesThatDoNotHearEachOtherAreNotInOneRing() {
    cluster.faults.between("node1", "node3", false);
    cluster.pass(10);

    assertThat(cluster.node("node1").membership().members()).containsExactly("node1", "node2");
    assertThat(cluster.node("node3").membership().members()).containsExactly("node3");
    assertThat(cluster.world.canTalk("node1", "node3")).isFalse();
    assertThat(cluster.world.canTalk("node2", "node3")).isTrue();
  }

  @Test
  void clientsFindACutNodeSilentAndABootedOneOpen() {
    cluster.faults.power("node1", false);
    assertThat(cluster.node("node1").frontDoor()).isEqualTo(FrontDoor.SILENT);
    cluster.faults.power("node1", true);
    cluster.pass(10);
    assertThat(cluster.node("node1").frontDoor()).isEqualTo(FrontDoor.SILENT);
    cluster.pass(40);
    assertThat(cluster.node("node1").frontDoor()).isEqualTo(FrontDoor.OPEN);
    assertThat(cluster.node("node1").membership().quorate()).isTrue();
    cluster.faults.service("node1", "pveproxy", false);
    assertThat(cluster.node("node1").frontDoor()).isEqualTo(FrontDoor.REFUSED);
  }

  @Test
  void twoNodesWithAQuorumDeviceSurviveTheLossOfOne() {
    TestCluster two = TestCluster.formed(PveVersion.V9_1, 2);
    two.faults.power("node1", false);
    two.pass(10);
    assertThat(two.node("node2").membership().quorate()).isFalse();

    two.faults.qdevice(Map.of("Model", "Net", "State", "Connected", "QNetd host", "10.0.0.99"));

    assertThat(two.node("node2").membership().quorate()).isTrue();
    assertThat(two.node("node2").membership().expectedVotes()).isEqualTo(3);
  }

  @Test
  void stoppedStatusDaemonMakesTheNodeUnknownRatherThanOffline() {
    cluster.faults.service("node3", "pvestatd", false);

    assertThat(cluster.node("node1").overview().nodes())
        .extracting(NodeOverview.NodeRow::status)
        .containsExactly("online", "online", "unknown");
  }

  private void writeOnNode1() {
    cluster.tell("node1", node -> node.overview().setOptions(Map.of("console", "html5"), Set.of()));
  }

  private Duration until(java.util.function.BooleanSupplier condition) {
    return cluster.clock.advanceUntil(condition, Duration.ofMinutes(1));
  }
}
