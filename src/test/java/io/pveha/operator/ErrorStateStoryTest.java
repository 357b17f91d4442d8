package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A guest that Proxmox HA gave up, since its pool failed, is started once the pool works again. */
class ErrorStateStoryTest {

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Duration A_WHILE = Duration.ofMinutes(2);

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void startsItWhenThePoolWorksAgainTwiceADayAndNotMore(PveVersion version) {
    try (VirtualStage stage = givenUp(version)) {
      assertThat(words(stage)).contains("It is retried once pool tank works.");
      int before = stage.writes().size();
      stage.pass(A_WHILE);
      assertThat(stage.writes()).hasSize(before);

      cure(stage);
      awaitRunning(stage);
      assertThat(stage.guest().reported().errorRecoveries())
          .singleElement()
          .satisfies(recovery -> assertThat(recovery.cause()).contains("pool tank"));

      stage.pass(A_WHILE);
      giveUp(stage);
      cure(stage);
      awaitRunning(stage);
      assertThat(stage.guest().reported().errorRecoveries()).hasSize(2);

      stage.pass(A_WHILE);
      giveUp(stage);
      cure(stage);
      stage.pass(LIMIT);
      assertThat(VirtualStage.isBecause(stage.guest(), ConditionType.READY, "HaError")).isTrue();
      assertThat(words(stage)).contains("twice within a day");
      assertThat(stage.guest().reported().errorRecoveries()).hasSize(2);
      assertThat(stage.truth().violations()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void saysWhichDatasetIsMissingAndStartsNothingForNothing(PveVersion version) {
    try (VirtualStage stage = ready(version)) {
      stage
          .simulator
          .world()
          .request(
              () -> {
                stage.simulator.world().node("node1").storage().freeVolumesOf(100, "root@pam");
                return true;
              });
      stage.faults().crash(100);
      awaitErrorState(stage);
      int before = stage.writes().size();
      stage.pass(LIMIT);

      assertThat(words(stage))
          .contains("dataset tank/", "subvol-100-disk-0, which is missing on node1", "restore it")
          .doesNotContain("pool tank");
      assertThat(stage.guest().reported().errorRecoveries()).isEmpty();
      assertThat(stage.writes()).as(stage.table()).hasSize(before);
    }
  }

  @Test
  void isNotLeftDisabledByAnOperatorThatDies() {
    for (boolean after : new boolean[] {false, true}) {
      try (VirtualStage stage = givenUp(PveVersion.V9_1)) {
        AtomicBoolean dead = new AtomicBoolean();
        Runnable die =
            () -> {
              if (dead.compareAndSet(false, true)) {
                throw new OperatorDied("at the first step of the recovery");
              }
            };
        stage.around(
            write -> {
              if (!after) {
                die.run();
              }
            },
            write -> {
              if (after) {
                die.run();
              }
            },
            () -> {});

        cure(stage);
        awaitRunning(stage);

        assertThat(dead).isTrue();
        assertThat(stage.guest().reported().errorRecoveries()).hasSize(1);
        assertThat(new ByHand(stage).ha("node1").resources().get())
            .allMatch(resource -> resource.requestedState().equals("started"));
      }
    }
  }

  private static VirtualStage givenUp(PveVersion version) {
    VirtualStage stage = ready(version);
    giveUp(stage);
    return stage;
  }

  private static VirtualStage ready(PveVersion version) {
    VirtualStage stage = VirtualStage.of(version);
    stage.applyReference();
    stage.apply(stage.manifests().guestYaml() + "  maxRestart: 0\n  maxRelocate: 0\n");
    stage.awaitReference();
    return stage;
  }

  private static void giveUp(VirtualStage stage) {
    String node = stage.guest().reported().node();
    stage.faults().pool(node, "tank", "SUSPENDED");
    stage.faults().crash(100);
    awaitErrorState(stage);
  }

  private static void awaitErrorState(VirtualStage stage) {
    stage.until(
        "the error state",
        () ->
            VirtualStage.isBecause(
                stage.guest(), ConditionType.IN_REQUESTED_STATE, ConditionReason.HA_ERROR.text()),
        LIMIT);
  }

  private static void cure(VirtualStage stage) {
    stage.faults().pool(stage.guest().reported().node(), "tank", "ONLINE");
  }

  private static void awaitRunning(VirtualStage stage) {
    stage.until(
        "the guest to run",
        () -> VirtualStage.is(stage.guest(), ConditionType.READY, "True"),
        LIMIT);
  }

  private static String words(VirtualStage stage) {
    return VirtualStage.condition(stage.guest(), ConditionType.IN_REQUESTED_STATE)
        .orElseThrow()
        .getMessage();
  }
}
