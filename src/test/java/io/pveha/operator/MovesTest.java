package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.MovePhase;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Move;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guests are synced and then moved: off nodes to be emptied, home again, and where owners ask. */
class MovesTest {

  private static final Duration SOON = Duration.ofMinutes(6);

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void leavesANodeWhoseDiskFailsWithinSeconds(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      GuestWatch watch = stage.watch(100);

      stage.faults().disk("node1", "/dev/sdb", true, false);
      stage.until("the guest elsewhere", () -> isElsewhere(stage, "node1"), Duration.ofMinutes(15));

      assertThat(watch.away()).as("131 s when the node is lost").isLessThan(Duration.ofSeconds(20));
      assertThat(moves(stage)).hasSize(1);
      stage.pass(Duration.ofMinutes(10));
      assertThat(movesAsked(stage)).hasSize(1);
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** A disk of the system, which holds the last copy of no guest's data. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void replicatesAtOnceAndStaysWhereADiskFailsThatHoldsNoLastCopy(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      GuestWatch watch = stage.watch(100);

      stage.faults().disk("node1", "/dev/sda", true, false);
      stage.until(
          "node1 to be cordoned",
          () -> stage.is("node1", NodeConditionType.CORDONED, "True"),
          Duration.ofMinutes(6));
      stage.pass(Duration.ofMinutes(10));

      assertThat(stage.is("node1", NodeConditionType.DISKS_HEALTHY, "False")).isTrue();
      assertThat(stage.is("node1", NodeConditionType.POOLS_REDUNDANT, "True")).isTrue();
      assertThat(movesAsked(stage)).isEmpty();
      assertThat(watch.outages()).isEmpty();
      assertThat(
              stage.answered().stream()
                  .map(VirtualWire.Write::what)
                  .filter(write -> write.endsWith("/schedule_now")))
          .as("each job is asked once")
          .isNotEmpty()
          .doesNotHaveDuplicates();
      assertThat(stage.failures()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void emptiesANodeInMaintenanceAndBringsTheGuestBack(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      GuestWatch watch = stage.watch(100);

      stage.applyCluster("maintenance: [node1]\n");
      stage.until("the guest elsewhere", () -> isElsewhere(stage, "node1"), SOON);
      assertThat(stage.cluster().reported().away())
          .singleElement()
          .satisfies(away -> assertThat(away.home()).isEqualTo("node1"));
      stage.pass(Duration.ofMinutes(10));
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.EMPTIED, "True")).isTrue();
      assertThat(movesAsked(stage)).hasSize(1);

      stage.applyCluster("maintenance: []\n");
      stage.until("the guest at home", () -> isOn(stage, "node1"), Duration.ofMinutes(15));
      stage.pass(SOON);
      assertThat(stage.cluster().reported().away()).isEmpty();
      assertThat(movesAsked(stage)).hasSize(2);
      assertThat(watch.nodes()).hasSize(3).startsWith("node1").endsWith("node1");
      assertThat(stage.failures()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void movesOnceWhereItsOwnerAsks(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();

      ask(stage, "node3");
      stage.until("the guest there", () -> isOn(stage, "node3"), SOON);
      stage.until(
          "the request cleared", () -> stage.guest().reported().requestedMove() == null, SOON);
      assertThat(stage.guest().getMetadata().getAnnotations()).doesNotContainValue("node3");
      assertThat(stage.guest().reported().homeNode()).isEqualTo("node3");
      ask(stage, "node9");
      stage.pass(SOON);

      assertThat(moves(stage))
          .filteredOn(move -> move.phase() == MovePhase.FAILED)
          .singleElement()
          .satisfies(move -> assertThat(move.message()).isEqualTo("Node node9 does not exist."));
      assertThat(stage.guest().reported().requestedMove()).isNull();
      assertThat(movesAsked(stage)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void goesHomeByItselfAfterAFailover(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.apply(stage.manifests().guestYaml() + "  failback: {mode: Auto, delaySeconds: 120}\n");
      stage.awaitReference();

      stage.faults().power("node1", false);
      stage.until("the guest elsewhere", () -> isElsewhere(stage, "node1"), SOON);
      stage.faults().power("node1", true);
      Duration took =
          stage.until("the guest at home", () -> isOn(stage, "node1"), Duration.ofMinutes(20));

      assertThat(took).isGreaterThan(Duration.ofSeconds(120));
      stage.pass(SOON);
      assertThat(movesAsked(stage)).hasSize(1);
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** Written between "saved" and "annotation removed": the later word counts. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aNodeThatIsWrittenWhileTheFirstIsTakenOffIsNotLost(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      AtomicBoolean changed = new AtomicBoolean();
      stage.around(
          write -> {},
          write -> {},
          () -> {
            if (stage.guest().reported().requestedMove() != null
                && changed.compareAndSet(false, true)) {
              ask(stage, "node2");
            }
          });

      ask(stage, "node3");
      stage.until("the guest there", () -> isOn(stage, "node2"), SOON);
      stage.pass(SOON);

      assertThat(changed).isTrue();
      assertThat(isOn(stage, "node2")).isTrue();
      assertThat(stage.guest().getMetadata().getAnnotations()).doesNotContainKey(ApiNames.MOVE_TO);
      assertThat(stage.guest().reported().requestedMove()).isNull();
      assertThat(stage.failures()).isEmpty();
    }
  }

  private static void ask(VirtualStage stage, String node) {
    stage
        .client
        .resources(HaResource.class)
        .inNamespace(stage.namespace)
        .withName("web")
        .edit(
            resource -> {
              resource.getMetadata().setAnnotations(java.util.Map.of(ApiNames.MOVE_TO, node));
              return resource;
            });
  }

  private static boolean isElsewhere(VirtualStage stage, String left) {
    return !left.equals(stage.guest().reported().node())
        && "started".equals(stage.guest().reported().state())
        && moves(stage).stream().allMatch(move -> move.finishedAt() != null);
  }

  private static boolean isOn(VirtualStage stage, String node) {
    return node.equals(stage.guest().reported().node())
        && "started".equals(stage.guest().reported().state())
        && moves(stage).stream().allMatch(move -> move.finishedAt() != null);
  }

  private static List<Move> moves(VirtualStage stage) {
    return stage.cluster().reported().moves();
  }

  private static List<String> movesAsked(VirtualStage stage) {
    return stage.answered().stream()
        .map(VirtualWire.Write::what)
        .filter(write -> write.contains("/migrate") || write.contains("/relocate"))
        .toList();
  }
}
