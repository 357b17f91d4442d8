package io.pveha.core.failover;

import static io.pveha.core.failover.Pictures.GIB;
import static io.pveha.core.failover.Pictures.SYNCED;
import static io.pveha.core.failover.Pictures.WEB;
import static io.pveha.core.failover.Pictures.ids;
import static io.pveha.core.failover.Pictures.threeNodes;
import static io.pveha.core.failover.Pictures.web;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pveha.core.failover.GuestForecast.Doubt;
import io.pveha.core.failover.GuestForecast.Outcome;
import io.pveha.core.failover.GuestForecast.Stranded;
import io.pveha.core.guest.StartNeed;
import io.pveha.core.ha.HaTimings;
import io.pveha.core.ha.RequestedState;
import io.pveha.core.ha.ServiceState;
import io.pveha.core.placement.NodeAffinityRule;
import io.pveha.core.placement.ResourceAffinityRule;
import io.pveha.core.placement.ResourceAffinityRule.Affinity;
import io.pveha.core.placement.ServiceId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What becomes of a guest when its node dies, and the one change that would help. */
class ReadinessTest {

  private static final ServiceId DB = ServiceId.of("ct:101");

  private static Readiness of(Pictures pictures) {
    return Readiness.of(pictures.build(), HaTimings.proxmox());
  }

  private static GuestForecast loss(Pictures pictures, String... lost) {
    return of(pictures).of(List.of(lost)).guests().stream()
        .filter(guest -> guest.guest().equals(WEB))
        .findFirst()
        .orElseThrow();
  }

  private static Stranded stranded(Pictures pictures, String... lost) {
    GuestForecast forecast = loss(pictures, lost);
    assertThat(forecast.outcome()).isEqualTo(Outcome.STRANDED);
    return forecast.stranded().orElseThrow();
  }

  @Test
  void replicatedGuestIsRecoveredWithItsLastSyncInAboutTwoMinutes() {
    GuestForecast forecast = loss(threeNodes().guest(WEB, web()), "node1");

    assertThat(forecast.outcome()).isEqualTo(Outcome.RECOVERED);
    assertThat(forecast.node()).contains("node2");
    assertThat(forecast.point().orElseThrow().lossSeconds(SYNCED.plusSeconds(40)))
        .isEqualTo(OptionalLong.of(40));
    assertThat(forecast.outage().orElseThrow())
        .isBetween(Duration.ofSeconds(125), Duration.ofSeconds(140));
  }

  @Test
  void guestWhoseRuleIsNotUnderstoodIsNeitherRecoveredNorStranded() {
    Readiness readiness =
        of(threeNodes().guest(WEB, web()).doubt(WEB, "rule web has horizon, which is not known."));

    GuestForecast forecast = readiness.ofEach().get("node1").guests().get(0);
    assertThat(forecast.outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(forecast.node()).isEmpty();
    assertThat(forecast.doubt())
        .contains(new Doubt(Doubt.Cause.RULE, "rule web has horizon, which is not known."));
    assertThat(readiness.survivesAnyLoss()).isFalse();
  }

  @Test
  void guestThatIsKeptOffEveryNodeThatIsLeftIsStranded() {
    GuestForecast forecast =
        loss(
            threeNodes()
                .guest(WEB, web())
                .rule(
                    NodeAffinityRule.keepingOff("never", List.of(WEB), List.of("node2", "node3"))),
            "node1");

    assertThat(forecast.outcome()).isEqualTo(Outcome.STRANDED);
    assertThat(forecast.stranded().orElseThrow().sentence())
        .isEqualTo("rule never keeps it off every remaining node");
    assertThat(forecast.stranded().orElseThrow().remedy().sentence())
        .contains("Remove node2 from rule never.");
  }

  @Test
  void lossOfTheMasterTakesAnotherMinute() {
    GuestForecast forecast = loss(threeNodes().guest(WEB, web()).master("node1"), "node1");

    assertThat(forecast.outage().orElseThrow())
        .isBetween(Duration.ofSeconds(175), Duration.ofSeconds(190));
  }

  @Test
  void lossOfAnotherNodeDoesNotConcernIt() {
    Readiness readiness = of(threeNodes().guest(WEB, web()));

    assertThat(readiness.ofEach().get("node3").guests()).isEmpty();
    assertThat(readiness.survivesAnyLoss()).isTrue();
  }

  @Test
  void guestThatIsWantedStoppedStaysStopped() {
    LiveGuest stopped = web().in(RequestedState.STOPPED, ServiceState.STOPPED);

    assertThat(loss(threeNodes().guest(WEB, stopped), "node1").outcome())
        .isEqualTo(Outcome.STAYS_STOPPED);
  }

  @Test
  void strictRuleWithoutAnotherNodeStrandsIt() {
    Pictures pictures =
        threeNodes()
            .guest(WEB, web())
            .rule(
                NodeAffinityRule.of("home", List.of(WEB), new TreeMap<>(Map.of("node1", 0)), true));

    Stranded stranded = stranded(pictures, "node1");

    assertThat(stranded.reason()).isEqualTo(StrandedReason.STRICT_RULE);
    assertThat(stranded.ending()).isEqualTo(Ending.WAITS_FOR_A_NODE);
    assertThat(stranded.message())
        .isEqualTo(
            "Strict rule home names no remaining node. Name node2 in rule home, or make the "
                + "rule not strict.");
  }

  @Test
  void guestWithoutReplicaEndsInErrorWhereTheManagerPutsIt() {
    LiveGuest alone = web().withDisks(ids("tank"), Map.of());

    Stranded stranded = stranded(threeNodes().guest(WEB, alone), "node1");

    assertThat(stranded.reason()).isEqualTo(StrandedReason.NO_REPLICA);
    assertThat(stranded.ending()).isEqualTo(Ending.ENDS_IN_ERROR);
    assertThat(stranded.remedy().sentence()).isEqualTo("Replicate ct:100 to node2.");
  }

  @Test
  void replicationThatNeverSucceededIsNoReplica() {
    LiveGuest begun = web().withDisks(ids("tank"), Map.of("node2", Optional.empty()));

    assertThat(stranded(threeNodes().guest(WEB, begun), "node1").remedy().kind())
        .isEqualTo(Remedy.Kind.FINISH_SYNC);
  }

  @Test
  void managerChoosesTheEmptierNodeEvenIfTheReplicaIsOnTheOther() {
    LiveGuest onlyThird = web().withDisks(ids("tank"), Map.of("node3", Optional.of(SYNCED)));

    Stranded stranded = stranded(threeNodes().guest(WEB, onlyThird), "node1");

    assertThat(stranded.reason()).isEqualTo(StrandedReason.NO_REPLICA);
    assertThat(stranded.sentence()).contains("node2");
  }

  @Test
  void storageOfAnotherNameStrandsIt() {
    Pictures pictures =
        threeNodes()
            .guest(WEB, web())
            .node("node2", node -> Pictures.withStorages(node, "other"))
            .node("node3", node -> Pictures.withStorages(node, "other"));

    Stranded stranded = stranded(pictures, "node1");

    assertThat(stranded.reason()).isEqualTo(StrandedReason.NO_STORAGE);
    assertThat(stranded.remedy().subject()).isEqualTo("tank");
  }

  @Test
  void unknownDisksAreNotHeldAgainstIt() {
    assertThat(loss(threeNodes().guest(WEB, LiveGuest.startedOn("node1")), "node1").outcome())
        .isEqualTo(Outcome.RECOVERED);
  }

  @Test
  void nodesWithoutEnoughMemoryStrandIt() {
    Pictures pictures =
        threeNodes()
            .guest(WEB, web().withFigures(1, 4 * GIB, Duration.ZERO))
            .node("node2", node -> Pictures.withFree(node, 3 * GIB))
            .node("node3", node -> Pictures.withFree(node, GIB));

    Stranded stranded = stranded(pictures, "node1");

    assertThat(stranded.reason()).isEqualTo(StrandedReason.NO_MEMORY);
    assertThat(stranded.remedy().sentence()).contains("Free 1.0 GiB of memory on node2");
  }

  @Test
  void memoryIsGivenToOneGuestOnly() {
    LiveGuest big = web().withFigures(1, 6 * GIB, Duration.ZERO).withTries(1, 0);
    Pictures pictures =
        threeNodes()
            .guest(WEB, big)
            .guest(DB, big)
            .node("node3", Pictures::offline)
            .node("node4", node -> Pictures.withStorages(node));

    assertThat(of(pictures).of(List.of("node1")).stranded()).isPositive();
  }

  @Test
  void keptApartFromGuestsOnEveryOtherNode() {
    ServiceId third = ServiceId.of("ct:102");
    Pictures pictures =
        threeNodes()
            .guest(WEB, web())
            .guest(DB, LiveGuest.startedOn("node2"))
            .guest(third, LiveGuest.startedOn("node3"))
            .rule(ResourceAffinityRule.of("apart", List.of(WEB, DB, third), Affinity.NEGATIVE));

    Stranded stranded = stranded(pictures, "node1");

    assertThat(stranded.reason()).isEqualTo(StrandedReason.KEPT_APART);
    assertThat(stranded.remedy().sentence()).contains("rule apart");
  }

  @Test
  void lossOfTheQuorumTakesTheGuestsOfAllNodesDown() {
    Readiness readiness =
        of(
            threeNodes()
                .guest(WEB, web())
                .guest(DB, LiveGuest.startedOn("node2"))
                .node("node3", Pictures::offline));

    LossForecast loss = readiness.of(List.of("node1"));

    assertThat(loss.quorate()).isFalse();
    assertThat(loss.stranded()).isEqualTo(2);
    assertThat(loss.guests().get(0).stranded().orElseThrow().remedy().sentence())
        .isEqualTo("Bring node3 back.");
  }

  @Test
  void pairsAreAnsweredOnDemand() {
    assertThat(of(threeNodes().guest(WEB, web())).of(List.of("node1", "node3")).quorate())
        .isFalse();
    Pictures five = threeNodes().guest(WEB, web()).node("node4", n -> n).node("node5", n -> n);

    assertThat(loss(five, "node1", "node2").node()).contains("node3");
    assertThatThrownBy(() -> of(five).of(List.of("node9"))).hasMessageContaining("'node9'");
  }

  @Test
  void disarmedStackRecoversNothing() {
    Stranded stranded = stranded(threeNodes().guest(WEB, web()).disarmed(), "node1");

    assertThat(stranded.reason()).isEqualTo(StrandedReason.HA_DISARMED);
  }

  @Test
  void guestInErrorIsLeftAlone() {
    LiveGuest broken = web().in(RequestedState.STARTED, ServiceState.ERROR);

    assertThat(stranded(threeNodes().guest(WEB, broken), "node1").remedy().sentence())
        .isEqualTo("Set ct:100 to disabled, then to started again.");
  }

  @Test
  void answerIsWorkedOutAnewOnlyWhenThePictureChanged() {
    Readiness first = Readiness.of(threeNodes().guest(WEB, web()).build(), Optional.empty());

    assertThat(Readiness.of(threeNodes().guest(WEB, web()).build(), Optional.of(first)))
        .isSameAs(first);
    assertThat(
            Readiness.of(
                threeNodes().guest(WEB, web()).master("node3").build(), Optional.of(first)))
        .isNotSameAs(first);
  }

  private static final StartNeed DEVICE =
      new StartNeed(StartNeed.Kind.DEVICE, "hostpci0", "0000:01:00.0", true, false);

  @Test
  void guestThatIsBoundToADeviceOfItsNodeIsStranded() {
    Bond bond = new Bond(DEVICE, false, ids("node1"), ids());

    Stranded stranded = stranded(threeNodes().guest(WEB, web().boundBy(List.of(bond))), "node1");

    assertThat(stranded.reason()).isEqualTo(StrandedReason.BOUND_TO_NODE);
    assertThat(stranded.ending()).isEqualTo(Ending.ENDS_IN_ERROR);
    assertThat(stranded.message())
        .contains("would choose node2, and hostpci0 (0000:01:00.0) is a device of node1. Use a");
  }

  @Test
  void nodeThatHasWhatTheGuestIsBoundToIsToBePreferred() {
    Bond bond = new Bond(DEVICE, false, ids("node1", "node3"), ids());

    Stranded stranded = stranded(threeNodes().guest(WEB, web().boundBy(List.of(bond))), "node1");

    assertThat(stranded.remedy().sentence())
        .isEqualTo("Prefer node3 for ct:100 with a node affinity rule: it could start there.");
    assertThat(
            loss(
                    threeNodes()
                        .guest(WEB, web().boundBy(List.of(bond)))
                        .rule(
                            NodeAffinityRule.of(
                                "home", List.of(WEB), new TreeMap<>(Map.of("node3", 1)), false)),
                    "node1")
                .outcome())
        .isEqualTo(Outcome.RECOVERED);
  }

  @Test
  void guestIsUnknownWhereItNeedsWhatNobodyTells() {
    Bond bond = new Bond(DEVICE, false, ids("node1"), ids("node2", "node3"));

    GuestForecast forecast = loss(threeNodes().guest(WEB, web().boundBy(List.of(bond))), "node1");

    assertThat(forecast.outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(forecast.node()).contains("node2");
    assertThat(forecast.doubt().orElseThrow().cause()).isEqualTo(Doubt.Cause.NODE);
  }

  @Test
  void guestIsUnknownUntilItsConfigurationIsReadUnlessItIsStrandedAnyhow() {
    LiveGuest unread = web().withoutConfiguration();

    assertThat(loss(threeNodes().guest(WEB, unread), "node1").doubt().orElseThrow().cause())
        .isEqualTo(Doubt.Cause.CONFIGURATION);
    assertThat(
            stranded(threeNodes().guest(WEB, unread.withDisks(ids("tank"), Map.of())), "node1")
                .reason())
        .isEqualTo(StrandedReason.NO_REPLICA);
  }

  @Test
  void whatNobodyTellsIsSaidBesideWhatIsMissing() {
    StartNeed path = new StartNeed(StartNeed.Kind.PATH, "mp0", "/mnt/data", false, false);
    Bond bond = new Bond(path, false, ids("node1"), ids("node2", "node3"));
    LiveGuest alone = web().withDisks(ids("tank"), Map.of()).boundBy(List.of(bond));

    assertThat(stranded(threeNodes().guest(WEB, alone), "node1").message())
        .contains("Replicate ct:100 to node2.", "/mnt/data of mp0 must exist on node2");
  }

  @Test
  void oneNodeAloneIsToldToGetOthersAndNoDevice() {
    assertThat(stranded(new Pictures().node("node1", node -> node).guest(WEB, web()), "node1"))
        .satisfies(
            stranded ->
                assertThat(stranded.message())
                    .isEqualTo(
                        "No vote is left and 1 is needed, so every node stops its HA guests. Add"
                            + " two nodes."));
  }
}
