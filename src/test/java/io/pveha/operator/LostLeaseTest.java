package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.core.safety.LeaderLease;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A leader that can't renew its Lease stops writing before another replica may lead. */
class LostLeaseTest {

  private static final String MAX_RESTART = "  maxRestart: 3\n";

  /** The Lease as the API server has it. */
  private static final class Election {
    private final VirtualStage stage;
    private String holder = VirtualStage.REPLICA;
    private Instant renewedAt;
    private boolean renews = true;
    private boolean unreadable;

    Election(VirtualStage stage) {
      this.stage = stage;
      this.renewedAt = stage.time.instant();
    }

    Optional<LeaderLease> read() {
      if (unreadable) {
        throw new IllegalStateException("the API server does not answer");
      }
      if (renews) {
        renewedAt = stage.time.instant();
      }
      return Optional.of(new LeaderLease(holder, renewedAt));
    }
  }

  @Test
  void nothingIsWrittenOnceItIsNotRenewedInTimeAndAllGoesOnWhenItIs() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      Election election = new Election(stage);
      stage.elect(election::read);
      stage.applyReference();
      stage.awaitReference();
      int before = stage.writes().size();

      election.renews = false;
      stage.pass(LeaderLease.RENEW_DEADLINE);
      stage.apply(stage.manifests().guestYaml() + MAX_RESTART);
      stage.pass(Duration.ofMinutes(1));
      assertThat(stage.writes()).hasSize(before);
      assertThat(stage.failures()).isEmpty();

      election.renews = true;
      stage.until(
          "the change",
          () -> stage.changes().contains("PUT /cluster/ha/resources/ct%3A100"),
          Duration.ofMinutes(1));
      stage.awaitReference();
    }
  }

  @Test
  void nothingIsWrittenOnceTheLeaseCannotBeReadForLonger() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      Election election = new Election(stage);
      stage.elect(election::read);
      stage.applyReference();
      stage.awaitReference();
      int before = stage.writes().size();

      election.unreadable = true;
      stage.pass(LeaderLease.RENEW_DEADLINE);
      stage.apply(stage.manifests().guestYaml() + MAX_RESTART);
      stage.pass(Duration.ofMinutes(1));

      assertThat(stage.writes()).hasSize(before);
    }
  }

  /** Between the saved step and its request another replica has taken over. */
  @Test
  void aStepThatIsPlannedIsNotSentWhenAnotherReplicaHoldsTheLeaseByThen() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      Election election = new Election(stage);
      stage.elect(election::read);
      stage.applyReference();
      stage.awaitReference();
      int before = stage.writes().size();
      int told = stage.events().size();

      boolean[] saved = {false};
      stage.around(
          write -> {},
          write -> {},
          () -> {
            if (!stage.guest().reported().pendingTasks().isEmpty()) {
              saved[0] = true;
              election.holder = "pod-2";
              stage.lookWithoutReconciling(LeaderLease.RETRY_PERIOD.plusMillis(10));
            }
          });
      stage.apply(stage.manifests().guestYaml() + MAX_RESTART);
      stage.until("the step to be planned", () -> saved[0], Duration.ofMinutes(1));
      stage.pass(Duration.ofMinutes(1));

      assertThat(stage.writes()).hasSize(before);
      assertThat(stage.events().subList(told, stage.events().size()))
          .extracting(event -> event.getReason())
          .doesNotContain("UpdateHaResource");
    }
  }

  /** The owner's mark is no step of a plan, and needs the Lease as all else does. */
  @Test
  void noMarkIsWrittenWithoutTheLease() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      Election election = new Election(stage);
      election.holder = "pod-2";
      stage.elect(election::read);
      stage.applyReference();
      stage.pass(Duration.ofMinutes(1));
      assertThat(stage.writes()).isEmpty();
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.READY, "True")).isFalse();

      election.holder = VirtualStage.REPLICA;
      stage.awaitReference();
    }
  }
}
