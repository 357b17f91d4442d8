package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fabric8.kubernetes.api.model.Event;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.FailoverCause;
import io.pveha.api.v1alpha1.FailoverPhase;
import io.pveha.api.v1alpha1.HaResourceStatus.Failover;
import io.pveha.core.cluster.NodeName;
import io.pveha.proxmox.ApiRequest;
import io.pveha.simulator.faults.Faults.Direction;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.world.Truth.Copy;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the ledger says of a failover, beside what really was. */
class LedgerTest {

  private static final String PROBE =
      """
        probe:
          http: {url: "http://192.0.2.100/"}
          intervalSeconds: 1
          timeoutSeconds: 1
        rtoSeconds: 240
      """;

  private static VirtualStage stage(PveVersion version) {
    VirtualStage stage = VirtualStage.of(version);
    stage.applyReference();
    stage.apply(stage.manifests().guestYaml() + PROBE);
    stage.awaitReference();
    stage.until(
        "the guest to answer",
        () -> VirtualStage.is(stage.guest(), ConditionType.ANSWERING, "True"),
        Duration.ofMinutes(1));
    return stage;
  }

  private static Failover ended(VirtualStage stage) {
    stage.until(
        "an entry in the ledger",
        () -> !stage.guest().reported().failovers().isEmpty(),
        Duration.ofMinutes(6));
    return stage.guest().reported().failovers().get(0);
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void outageAndLossOfALostNodeAreAsTheyWere(PveVersion version) {
    try (VirtualStage stage = stage(version)) {
      masterLeaves(stage, "node1");
      GuestWatch watch = stage.watch(100);
      // What is lost is counted from the last run that was seen.
      stage.until(
          "the last run to be seen, and the next not to be near",
          () -> age(stage).toSeconds() >= 20 && age(stage).toSeconds() <= 30,
          Duration.ofMinutes(3));

      long written = lastWrite(stage, "node1");
      stage.faults().network("node1", Direction.BOTH, false);
      Failover entry = ended(stage);
      long inherited = inherited(stage, entry.to());

      assertThat(entry.cause()).isEqualTo(FailoverCause.NODE_LOST);
      assertThat(entry.from()).isEqualTo("node1");
      assertThat(entry.to()).isEqualTo(stage.guest().reported().node());
      assertThat(entry.outageSeconds()).isCloseTo(watch.away().toSeconds(), within(2L));
      assertThat(entry.dataLossSeconds()).isCloseTo(written - inherited, within(1L));
      assertThat(entry.rtoMet()).isTrue();
      assertThat(entry.rpoMet()).isTrue();
      assertThat(entry.phases())
          .extracting(io.pveha.api.v1alpha1.HaResourceStatus.Phase::phase)
          .containsExactly(FailoverPhase.values());
      assertThat(stage.guest().reported().failoverInProgress()).isNull();
      assertThat(stage.guest().reported().failoverCount()).isEqualTo(1);
    }
  }

  /**
   * A master that is not on the lost node waits for the lock of that node, which can be seen. One
   * that has to be elected first finds it free, and declares, fences and recovers in one round.
   */
  private static void masterLeaves(VirtualStage stage, String node) {
    stage.faults().service(node, "pve-ha-crm", false);
    stage.until("another master", () -> !node.equals(master(stage)), Duration.ofMinutes(5));
    stage.faults().service(node, "pve-ha-crm", true);
  }

  private static String master(VirtualStage stage) {
    return new ByHand(stage)
        .on("node2")
        .call(ApiRequest.get("/cluster/ha/status/manager_status"))
        .at("/manager_status/master_node")
        .asText();
  }

  /** How old the older of the two replicas is, as the operator knows them. */
  private static Duration age(VirtualStage stage) {
    return stage.replication().reported().jobs().stream()
        .map(job -> Duration.between(job.lastSync(), stage.time.instant()))
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static long lastWrite(VirtualStage stage, String node) {
    return copies(stage).stream()
        .filter(copy -> copy.node().equals(node))
        .mapToLong(Copy::lastWrite)
        .max()
        .orElseThrow();
  }

  /** The last write of the first run that the copy there goes on from. */
  private static long inherited(VirtualStage stage, String node) {
    Copy copy = copies(stage).stream().filter(c -> c.node().equals(node)).findFirst().orElseThrow();
    return copy.history().stream()
        .filter(writes -> writes.node().equals("node1"))
        .mapToLong(writes -> writes.last())
        .max()
        .orElse(0);
  }

  private static List<Copy> copies(VirtualStage stage) {
    return stage.truth().guests().stream()
        .filter(guest -> guest.vmid() == 100)
        .findFirst()
        .orElseThrow()
        .copies();
  }

  @Test
  void networkThatIsBackInTimeIsToldAndNotEntered() {
    try (VirtualStage stage = stage(PveVersion.V9_1)) {
      stage.faults().network("node1", Direction.BOTH, false);
      stage.pass(Duration.ofSeconds(25));
      assertThat(stage.guest().reported().failoverInProgress()).isNotNull();
      stage.faults().network("node1", Direction.BOTH, true);
      stage.pass(Duration.ofMinutes(3));

      assertThat(stage.guest().reported().failoverInProgress()).isNull();
      assertThat(stage.guest().reported().failovers()).isEmpty();
      assertThat(stage.events()).extracting(Event::getReason).contains("LossSeen", "LossPassed");
    }
  }

  @Test
  void operatorThatRestartsInTheMiddleCarriesOn() {
    try (VirtualStage stage = stage(PveVersion.V9_1)) {
      GuestWatch watch = stage.watch(100);
      stage.faults().network("node1", Direction.BOTH, false);
      stage.pass(Duration.ofSeconds(90));
      stage.restartOperator();
      Failover entry = ended(stage);

      assertThat(entry.cause()).isEqualTo(FailoverCause.NODE_LOST);
      assertThat(entry.reached(FailoverPhase.LOSS_SEEN)).isPresent();
      assertThat(entry.outageSeconds()).isCloseTo(watch.away().toSeconds(), within(2L));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void containerThatIsMovedIsAwayForSecondsAndLosesNothing(PveVersion version) {
    try (VirtualStage stage = stage(version)) {
      GuestWatch watch = stage.watch(100);
      new ByHand(stage).ha("node1").relocate("ct:100", new NodeName("node2"));
      Failover entry = ended(stage);

      assertThat(entry.cause()).as(stage.table()).isEqualTo(FailoverCause.REQUESTED);
      assertThat(entry.to()).isEqualTo("node2");
      assertThat(entry.outageSeconds()).isCloseTo(watch.away().toSeconds(), within(2L));
      assertThat(entry.dataLossSeconds()).isZero();
      assertThat(inherited(stage, "node2")).isEqualTo(lastWrite(stage, "node1"));
    }
  }
}
