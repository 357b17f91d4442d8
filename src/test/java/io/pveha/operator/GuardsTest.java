package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HealthAction;
import io.pveha.api.v1alpha1.HealthGuard;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rules as rash as can be written, and what keeps them from doing harm. Each story first shows, or
 * ends with showing, that the same rule acts when nothing holds it.
 */
class GuardsTest {

  /** A rule on mere silence, and on what members say. */
  private static final String RASH =
      """
      health:
        minHealthy: 1
        healthyDelaySeconds: 60
        rules:
          - {condition: Reachable, status: "False", forSeconds: 20, action: Evacuate}
          - {condition: Member, status: "False", action: Cordon}
      """;

  private static final String ON_POOLS =
      """
      health:
        healthyDelaySeconds: 60
        rules:
          - {condition: PoolsHealthy, status: "False", action: Evacuate}
      """;

  private static final Duration LONG = Duration.ofMinutes(4);

  private static VirtualStage stage(PveVersion version) {
    VirtualStage stage = VirtualStage.of(version);
    stage.applyReference(RASH);
    stage.awaitReference();
    return stage;
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void silentNodeIsTreatedAndSilenceOfAllIsTakenForOurs(PveVersion version) {
    try (VirtualStage stage = stage(version)) {
      int writes = stage.writes().size();
      GuestWatch guest = stage.watch(100);
      stage.cutOperatorOff(true);
      stage.pass(LONG);
      assertThat(treated(stage)).isEmpty();
      assertThat(stage.is("node2", NodeConditionType.REACHABLE, "False")).isTrue();
      stage.cutOperatorOff(false);
      stage.pass(LONG);
      assertThat(treated(stage)).isEmpty();
      assertThat(stage.writes()).hasSize(writes);
      assertThat(guest.outages()).isEmpty();

      // It refuses: one that hangs would stop the stage's one thread where members ask it for us.
      stage.faults().service("node2", "pveproxy", false);
      stage.until(
          "node2 to be treated",
          () -> treated(stage).equals(List.of("node2")),
          Duration.ofSeconds(35));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void nothingIsBegunWhileOneMemberLiesAboutAnother(PveVersion version) {
    try (VirtualStage stage = stage(version)) {
      stage.faults().lie("node3", "node1", false);
      stage.pass(Duration.ofSeconds(30));
      assertThat(stage.is("node1", NodeConditionType.MEMBER, "False")).isFalse();

      stage.faults().pool("node2", "tank", "SUSPENDED");
      stage.pass(LONG);
      assertThat(treated(stage)).isEmpty();
      assertThat(held(stage, "node2")).contains(HealthGuard.UNSURE);
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.ACTION_HELD_BACK, "True")).isTrue();
      assertThat(stage.events())
          .as("a guard says once that it holds")
          .filteredOn(event -> event.getMessage().contains("held back by Unsure"))
          .hasSize(1);
      assertThat(stage.writes())
          .as("moves")
          .noneMatch(write -> write.what().matches(".*(migrate|relocate|schedule_now)"));

      stage.faults().tellTruth("node3");
      stage.until(
          "node2 to be treated",
          () -> treated(stage).equals(List.of("node2")),
          Duration.ofSeconds(10));
    }
  }

  /** Its API answers, all it says of itself is true, and it knows nothing of the others. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void nothingIsBegunOnTheWordOfAMinority(PveVersion version) {
    try (VirtualStage stage = stage(version)) {
      int writes = stage.answered().size();
      GuestWatch guest = stage.watch(100);
      stage.faults().between("node1", "node2", false);
      stage.faults().between("node2", "node3", false);
      stage.cutOperatorOff("node1", true);
      stage.cutOperatorOff("node3", true);
      stage.faults().pool("node2", "tank", "SUSPENDED");
      stage.pass(LONG);
      assertThat(treated(stage)).isEmpty();
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.QUORATE, "False"))
          .as(stage.table())
          .isTrue();
      assertThat(stage.answered()).as("what was asked and done").hasSize(writes);
      assertThat(guest.outages()).isEmpty();

      stage.faults().between("node1", "node2", true);
      stage.faults().between("node2", "node3", true);
      stage.cutOperatorOff("node1", false);
      stage.cutOperatorOff("node3", false);
      stage.until(
          "node2 to be treated", () -> treated(stage).contains("node2"), Duration.ofMinutes(20));
    }
  }

  /** One member may be the one that is cut off and does not know it yet. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void nothingIsWrittenOnTheWordOfOneMember(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      stage.faults().service("node2", "pveproxy", false);
      stage.faults().service("node3", "pveproxy", false);
      stage.pass(Duration.ofSeconds(10));
      int writes = stage.writes().size();

      stage.apply(stage.manifests().guestYaml() + "  maxRestart: 3\n");
      stage.pass(Duration.ofMinutes(1));

      assertThat(stage.writes()).hasSize(writes);
      assertThat(
              VirtualStage.isBecause(
                  stage.guest(), ConditionType.READY, ConditionReason.TOO_FEW_VIEWS.text()))
          .as(stage.table())
          .isTrue();
      assertThat(stage.guest().reported().plannedChanges()).singleElement();

      stage.faults().service("node3", "pveproxy", true);
      stage.until(
          "it to be written as two agree",
          () -> VirtualStage.is(stage.guest(), ConditionType.READY, "True"),
          Duration.ofSeconds(30));
      assertThat(stage.writes()).hasSize(writes + 1);
    }
  }

  /** The pool of one node after the other: only the first is emptied, the other waits. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void secondNodeWaitsForTheFirst(PveVersion version) {
    try (VirtualStage stage = stage(version)) {
      stage.faults().pool("node2", "tank", "SUSPENDED");
      stage.until(
          "node2 to be treated",
          () -> treated(stage).equals(List.of("node2")),
          Duration.ofSeconds(10));
      stage.pass(Duration.ofMinutes(2));

      stage.faults().pool("node3", "tank", "SUSPENDED");
      stage.pass(LONG);

      assertThat(treated(stage)).containsExactly("node2");
      assertThat(held(stage, "node3")).contains(HealthGuard.ONE_AT_A_TIME);
    }
  }

  /** One cause behind both is more likely than two, and there is nowhere to go. */
  @Test
  void nothingMovesWhenTwoOfThreeDegradeAtOnce() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference(ON_POOLS);
      stage.awaitReference();
      int writes = moves(stage);
      stage.faults().pool("node1", "tank", "DEGRADED");
      stage.faults().pool("node2", "tank", "DEGRADED");
      stage.pass(Duration.ofSeconds(10));
      assertThat(held(stage, "node1")).contains(HealthGuard.STORM);
      assertThat(held(stage, "node2")).contains(HealthGuard.STORM);
      stage.pass(Duration.ofMinutes(10));
      assertThat(treated(stage)).isEmpty();
      assertThat(moves(stage)).isEqualTo(writes);

      stage.faults().pool("node2", "tank", "ONLINE");
      stage.until("node1 to be treated", () -> treated(stage).equals(List.of("node1")), LONG);
    }
  }

  /**
   * Its guest leaves once, though it would go home at once. HealthDecisionTest has an hour of it.
   */
  @Test
  void movesOnceOffANodeThatFlaps() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference(ON_POOLS);
      stage.apply(stage.manifests().guestYaml() + "  failback: {mode: Auto, delaySeconds: 0}\n");
      stage.awaitReference();
      int before = moves(stage);
      for (int turn = 0; turn < 46; turn++) {
        stage.faults().pool("node1", "tank", turn % 2 == 0 ? "DEGRADED" : "ONLINE");
        stage.pass(Duration.ofSeconds(20));
      }
      assertThat(moves(stage)).isEqualTo(before + 1);
      assertThat(treated(stage)).containsExactly("node1");

      stage.until("the guest at home", () -> moves(stage) == before + 2, Duration.ofMinutes(3));
    }
  }

  /** What Proxmox took on to move. */
  private static int moves(VirtualStage stage) {
    return (int)
        stage.answered().stream()
            .filter(write -> write.what().matches(".*/(migrate|relocate)"))
            .count();
  }

  private static List<String> treated(VirtualStage stage) {
    return health(stage).stream()
        .flatMap(health -> health.nodes().stream())
        .filter(treatment -> treatment.action() != HealthAction.REPORT)
        .map(ProxmoxClusterStatus.Treatment::node)
        .toList();
  }

  private static Optional<HealthGuard> held(VirtualStage stage, String node) {
    return health(stage).stream()
        .flatMap(health -> health.held().stream())
        .filter(held -> held.node().equals(node))
        .map(ProxmoxClusterStatus.Held::guard)
        .findFirst();
  }

  private static Optional<ProxmoxClusterStatus.Health> health(VirtualStage stage) {
    return Optional.ofNullable(stage.cluster().reported().health());
  }
}
