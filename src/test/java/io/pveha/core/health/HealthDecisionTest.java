package io.pveha.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.HealthAction;
import io.pveha.api.v1alpha1.HealthGuard;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.core.cluster.Belief;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What is done about a node in bad health, when, and what each guard holds back. */
class HealthDecisionTest {

  @Test
  void doesNothingAboutHealthyNodes() {
    HealthFixture ward = new HealthFixture(3).watch(600);

    assertThat(ward.memory).isEqualTo(HealthMemory.EMPTY);
    assertThat(ward.last.complaints()).isEmpty();
    assertThat(ward.last.lookAgain()).isEmpty();
  }

  @Test
  void evacuatesANodeWhosePoolIsSuspendedAtOnce() {
    HealthFixture ward = new HealthFixture(3).pool(2, false).look();

    assertThat(ward.memory.treatments())
        .singleElement()
        .satisfies(
            treatment -> {
              assertThat(treatment.node()).isEqualTo(HealthFixture.node(2));
              assertThat(treatment.action()).isEqualTo(HealthAction.EVACUATE);
              assertThat(treatment.cause()).isEqualTo("PoolsUsable");
              assertThat(treatment.since()).isEqualTo(ward.now);
            });
    assertThat(ward.memory.held()).isEmpty();
  }

  @Test
  void onlyReportsAPoolThatLostADisk() {
    HealthFixture ward =
        new HealthFixture(3).set(2, NodeConditionType.POOLS_HEALTHY, Belief.NO).watch(600);

    assertThat(ward.treated()).isEmpty();
    assertThat(ward.last.complaints())
        .containsExactly(
            new HealthDecision.Complaint(
                HealthFixture.node(2), "PoolsHealthy", HealthAction.REPORT, "PoolsHealthy is NO"));
  }

  @Test
  void waitsThirtySecondsForAStorage() {
    HealthFixture ward =
        new HealthFixture(3).set(2, NodeConditionType.STORAGE_ACTIVE, Belief.NO).look();
    assertThat(ward.treated()).isEmpty();
    assertThat(ward.last.lookAgain()).hasValue(ward.now.plusSeconds(30));

    assertThat(ward.pass(29).look().treated()).isEmpty();
    assertThat(ward.pass(1).look().treated()).containsExactly(HealthFixture.node(2));
  }

  @Test
  void unknownIsNotNo() {
    HealthFixture ward =
        new HealthFixture(3).set(2, NodeConditionType.POOLS_USABLE, Belief.UNKNOWN).watch(3600);

    assertThat(ward.begun).isEmpty();
    assertThat(ward.last.complaints()).isEmpty();
  }

  @Test
  void ownRulesReplaceThoseOfTheSameConditionAndSpeakOfConditionsOfOthers() {
    HealthFixture ward = new HealthFixture(3);
    ward.rules =
        HealthRule.overDefaults(
            List.of(
                new HealthRule(
                    "PoolsUsable", Belief.NO, Duration.ofMinutes(2), HealthAction.CORDON),
                new HealthRule(
                    "example.com/Hot", Belief.YES, Duration.ZERO, HealthAction.EVACUATE)));

    ward.pool(2, false).watch(60);
    assertThat(ward.treated()).isEmpty();
    ward.watch(60);
    assertThat(ward.memory.treatments())
        .extracting(HealthMemory.Treatment::action)
        .containsExactly(HealthAction.CORDON);

    ward.set(2, "example.com/Hot", Belief.YES).look();
    assertThat(ward.memory.treatments())
        .singleElement()
        .matches(treatment -> treatment.action() == HealthAction.EVACUATE)
        .matches(treatment -> treatment.cause().equals("example.com/Hot"));
  }

  @Test
  void usesANodeAgainOnlyWhenItWasHealthyForAWhile() {
    HealthFixture ward =
        new HealthFixture(3).pool(2, false).look().watch(60).pool(2, true).watch(295);
    assertThat(ward.treated()).containsExactly(HealthFixture.node(2));

    ward.watch(10);

    assertThat(ward.treated()).isEmpty();
    assertThat(ward.memory.treatments())
        .singleElement()
        .matches(treatment -> treatment.action() == HealthAction.REPORT);
    assertThat(ward.watch(3600).memory).isEqualTo(HealthMemory.EMPTY);
  }

  @Test
  void silenceIsNoRecovery() {
    HealthFixture ward = new HealthFixture(3).pool(2, false).look();
    ward.set(2, NodeConditionType.POOLS_USABLE, Belief.UNKNOWN).watch(3600);
    assertThat(ward.treated()).containsExactly(HealthFixture.node(2));

    ward.pool(2, true).online(2, false).watch(3600);
    assertThat(ward.treated()).containsExactly(HealthFixture.node(2));
  }

  @Test
  void carriesOnAfterARestart() {
    HealthFixture ward = new HealthFixture(3).pool(2, false).look();
    HealthMemory saved = ward.memory;

    HealthDecision again =
        HealthDecision.decide(ward.view(), ward.settings(), saved, ward.now.plusSeconds(60));

    assertThat(again.memory()).isEqualTo(saved);
  }

  @Test
  void holdsBothBackWhenTwoOfThreeDegradeAtOnce() {
    HealthFixture ward = new HealthFixture(3).pool(1, false).pool(2, false).look();
    assertThat(ward.guards()).containsOnly(HealthGuard.STORM).hasSize(2);
    assertThat(ward.memory.quietUntil()).hasValue(ward.now.plusSeconds(300));

    ward.watch(301);

    assertThat(ward.begun).isEmpty();
    assertThat(ward.guards()).containsOnly(HealthGuard.MIN_HEALTHY).hasSize(2);
    assertThat(ward.memory.held().get(0).message())
        .isEqualTo("Without node1, 1 healthy node is left, and minHealthy is 2.");
  }

  @Test
  void treatsTheSecondNodeOnlyAfterTheFirst() {
    HealthFixture ward = new HealthFixture(6).pool(1, false).look().pass(120).pool(2, false).look();
    assertThat(ward.treated()).containsExactly(HealthFixture.node(1));
    assertThat(ward.memory.held())
        .singleElement()
        .matches(held -> held.guard() == HealthGuard.ONE_AT_A_TIME)
        .matches(held -> held.message().equals("node1 is being treated; one node at a time."));

    ward.pool(1, true).watch(310);

    assertThat(ward.treated()).containsExactly(HealthFixture.node(2));
    assertThat(ward.guards()).isEmpty();
  }

  @Test
  void aCordonAloneHoldsNoOtherNodeBack() {
    HealthFixture ward = new HealthFixture(6);
    ward.rules =
        HealthRule.overDefaults(
            List.of(
                new HealthRule(
                    "example.com/Worn", Belief.YES, Duration.ZERO, HealthAction.CORDON)));
    ward.set(1, "example.com/Worn", Belief.YES).look().pass(120).pool(2, false).look();

    assertThat(ward.guards()).isEmpty();
    assertThat(ward.memory.treatments())
        .extracting(HealthMemory.Treatment::action)
        .containsExactlyInAnyOrder(HealthAction.CORDON, HealthAction.EVACUATE);
  }

  @Test
  void leavesNodesAloneWhileAnotherIsInMaintenance() {
    HealthFixture ward = new HealthFixture(5);
    ward.maintenance.add(HealthFixture.node(4));

    assertThat(ward.pool(2, false).look().guards()).containsExactly(HealthGuard.ONE_AT_A_TIME);
  }

  @Test
  void keepsTheQuorum() {
    HealthFixture ward = new HealthFixture(3).online(3, false).watch(600).pool(2, false).look();
    assertThat(ward.guards()).containsExactly(HealthGuard.QUORUM);

    HealthFixture two = new HealthFixture(2).pool(2, false).look();
    assertThat(two.guards()).containsExactly(HealthGuard.QUORUM);

    HealthFixture withDevice = new HealthFixture(2);
    withDevice.deviceVotes = 1;
    assertThat(withDevice.pool(2, false).look().treated()).containsExactly(HealthFixture.node(2));
  }

  @Test
  void concludesNothingFromAMinorityOrViewsThatDiffer() {
    HealthFixture ward = new HealthFixture(3).pool(2, false);
    ward.unsure = java.util.Optional.of("node1 and node3 differ about node2.");
    assertThat(ward.watch(600).guards()).containsExactly(HealthGuard.UNSURE);

    ward.unsure = java.util.Optional.empty();
    ward.quorate = false;
    assertThat(ward.watch(600).guards()).containsExactly(HealthGuard.QUORUM);
    assertThat(ward.begun).isEmpty();
  }

  @Test
  void suspectsItselfWhenItLosesSightOfAll() {
    HealthFixture ward = new HealthFixture(5);
    for (int number = 1; number <= 5; number++) {
      ward.online(number, false);
    }
    ward.look();
    for (int number = 1; number <= 5; number++) {
      ward.online(number, true);
    }

    ward.pool(2, false).look();

    assertThat(ward.guards()).containsExactly(HealthGuard.STORM);
    assertThat(ward.watch(305).treated()).containsExactly(HealthFixture.node(2));
  }

  @Test
  void waitsAfterItSeesAgainHoweverLongItWasBlind() {
    HealthFixture ward = new HealthFixture(3);
    ward.unsure = java.util.Optional.of("No member could be asked in the last round.");
    for (int number = 1; number <= 3; number++) {
      ward.set(number, NodeConditionType.REACHABLE, Belief.NO);
    }
    ward.watch(7200);

    ward.unsure = java.util.Optional.empty();
    for (int number = 1; number <= 3; number++) {
      ward.set(number, NodeConditionType.REACHABLE, Belief.YES);
    }

    assertThat(ward.pool(2, false).watch(145).guards()).containsExactly(HealthGuard.STORM);
    assertThat(ward.watch(160).treated()).containsExactly(HealthFixture.node(2));
  }

  @Test
  void doesNothingAboutANodeThatDoesNotLetTheOperatorInWhateverARuleAsksFor() {
    HealthFixture ward = new HealthFixture(3);
    ward.rules =
        HealthRule.overDefaults(
            List.of(unknown(NodeConditionType.REACHABLE), unknown(NodeConditionType.POOLS_USABLE)));

    ward.set(2, NodeConditionType.REACHABLE, Belief.UNKNOWN)
        .set(2, NodeConditionType.POOLS_USABLE, Belief.UNKNOWN)
        .watch(3600);
    assertThat(ward.begun).isEmpty();
    assertThat(ward.memory.held()).isEmpty();

    ward.set(2, NodeConditionType.REACHABLE, Belief.YES).watch(10);
    assertThat(ward.treated()).containsExactly(HealthFixture.node(2));
  }

  private static HealthRule unknown(NodeConditionType type) {
    return new HealthRule(type.text(), Belief.UNKNOWN, Duration.ZERO, HealthAction.EVACUATE);
  }

  @Test
  void doesNothingWhilePausedAndGoesOnAfterwards() {
    HealthFixture ward = new HealthFixture(3).pool(2, false).look().pool(2, true);
    ward.paused = List.of("switch is being replaced");
    assertThat(ward.watch(3600).treated()).containsExactly(HealthFixture.node(2));

    ward.pool(3, false).look();
    assertThat(ward.memory.held())
        .singleElement()
        .matches(held -> held.message().equals("Paused: switch is being replaced"));

    ward.pool(3, true);
    ward.paused = List.of();
    assertThat(ward.look().treated()).isEmpty();
  }

  @Test
  void actsOnceOnANodeThatFlapsForAnHour() {
    HealthFixture ward = new HealthFixture(3);
    for (int second = 0; second < 3600; second += 20) {
      ward.pool(2, second % 40 != 0).watch(20);
    }

    assertThat(ward.begun).hasSize(1);
    assertThat(ward.treated()).containsExactly(HealthFixture.node(2));
  }

  @Test
  void actsOnARelapseOnlyWhenItLasts() {
    HealthFixture ward = new HealthFixture(3).pool(2, false).look().pool(2, true).watch(310);
    assertThat(ward.treated()).isEmpty();

    assertThat(ward.pool(2, false).look().guards()).containsExactly(HealthGuard.FLAPPING);
    assertThat(ward.watch(295).treated()).isEmpty();
    assertThat(ward.watch(5).treated()).containsExactly(HealthFixture.node(2));
  }

  @Test
  void saysThatItCannotFence() {
    HealthFixture ward = new HealthFixture(3);
    ward.rules =
        HealthRule.overDefaults(
            List.of(new HealthRule("AgentAlive", Belief.NO, Duration.ZERO, HealthAction.FENCE)));

    ward.set(2, NodeConditionType.AGENT_ALIVE, Belief.NO).watch(60);

    assertThat(ward.begun).isEmpty();
    assertThat(ward.guards()).containsExactly(HealthGuard.NOT_SUPPORTED);
  }

  @Test
  void ownersSayHowManyMustStayHealthy() {
    HealthFixture ward = new HealthFixture(3);
    ward.minHealthy = OptionalInt.of(3);

    assertThat(ward.pool(2, false).look().guards()).containsExactly(HealthGuard.MIN_HEALTHY);
  }
}
