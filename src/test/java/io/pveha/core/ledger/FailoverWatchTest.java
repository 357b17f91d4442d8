package io.pveha.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.FailoverCause;
import io.pveha.api.v1alpha1.FailoverPhase;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.ledger.GuestSighting.Order;
import io.pveha.core.ledger.LedgerUpdate.News;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Stories of a guest that changes its node, and of one that nearly did. */
class FailoverWatchTest {

  private final GuestStory guest = new GuestStory();

  @Test
  void lostNodeLeavesAReceiptWithEachPhase() {
    guest.synced("node2", 81).probed().predicted(135).rto(180).rpo(60).look(99);
    guest.answered(100).lose("node1").silent(100).look(108);
    guest.state("fence").look(168);
    guest.foundOn("node2").state("started").look(222);
    guest.gap(100, 231).look(232);
    guest.confirmed().look(240);

    FailoverRecord entry = guest.entry();
    assertThat(guest.inProgress()).isEmpty();
    assertThat(entry.cause()).isEqualTo(FailoverCause.NODE_LOST);
    assertThat(entry.from()).isEqualTo(new NodeName("node1"));
    assertThat(entry.to()).contains(new NodeName("node2"));
    assertThat(guest.times(entry))
        .containsExactly(
            "LOSS_SEEN 108",
            "DECLARED 168",
            "FENCED 222",
            "RECOVERED 222",
            "START_ISSUED 222",
            "RUNNING 240",
            "ANSWERING 231");
    assertThat(entry.cost())
        .isEqualTo(
            new FailoverRecord.Cost(
                Optional.of(131L), Optional.of(19L), Optional.of(true), Optional.of(true)));
    assertThat(guest.news())
        .extracting(News::word)
        .containsExactly(
            "LossSeen", "Declared", "Fenced", "Recovered", "StartIssued", "Running", "Answering");
    assertThat(guest.lastNews())
        .isEqualTo(
            "ct:100 failed over from node1 to node2: outage 131 s, 19 s of writes lost, "
                + "predicted 135 s, RTO 180 s met, RPO 60 s met.");
  }

  @Test
  void withoutProbeTheStatesOfHaCount() {
    guest.synced("node2", 81).rto(100).look(99);
    guest.lose("node1").silent(102).look(108);
    guest.state("fence").look(168);
    guest.foundOn("node2").state("started").look(222);
    guest.confirmed().look(232);

    assertThat(guest.entry().cost().outageSeconds()).contains(130L);
    assertThat(guest.entry().cost().dataLossSeconds()).contains(21L);
    assertThat(guest.entry().cost().rtoMet()).contains(false);
    assertThat(guest.entry().cost().rpoMet()).isEmpty();
  }

  @Test
  void networkThatIsBackInTimeLeavesNoEntry() {
    guest.look(99);
    guest.lose("node1").look(108);
    guest.unsure("node1").look(120);
    assertThat(guest.inProgress()).isPresent();

    guest.returns("node1").look(140);

    assertThat(guest.inProgress()).isEmpty();
    assertThat(guest.entries()).isEmpty();
    assertThat(guest.news()).extracting(News::word).containsExactly("LossSeen", "LossPassed");
  }

  @Test
  void nodeThatReturnsWhileItIsFencedEndsNothing() {
    guest.look(99);
    guest.lose("node1").look(108);
    guest.state("fence").look(168);

    guest.returns("node1").look(190);

    assertThat(guest.inProgress()).isPresent();
  }

  @Test
  void skippedPollsLeaveOutWhatNobodySaw() {
    guest.synced("node3", 90).look(99);
    guest.lose("node1").look(108);
    guest.foundOn("node3").confirmed().look(260);

    assertThat(guest.times(guest.entry()))
        .containsExactly("LOSS_SEEN 108", "RECOVERED 260", "START_ISSUED 260", "RUNNING 260");
    assertThat(guest.entry().recoveryPoint()).contains(GuestStory.at(90));
  }

  @Test
  void operatorThatStartsInTheMiddleCarriesOnAndInventsNoTimes() {
    guest.synced("node2", 81).probed().predicted(135).look(99);
    guest.answered(100).lose("node1").silent(100).look(108);
    guest.state("fence").look(168);

    guest.restart();
    guest.foundOn("node2").state("started").look(225);
    guest.gap(100, 231).look(232);
    guest.confirmed().look(240);

    assertThat(guest.times(guest.entry()))
        .containsExactly("LOSS_SEEN 108", "DECLARED 168", "RUNNING 240", "ANSWERING 231");
    assertThat(guest.entry().cost().outageSeconds()).contains(131L);
    assertThat(guest.entry().cost().dataLossSeconds()).contains(19L);
    assertThat(guest.entry().predictedOutageSeconds()).contains(135L);
  }

  @Test
  void operatorThatMissedAllKnowsOnlyThatItMoved() {
    guest.synced("node2", 81).look(99);

    guest.restart();
    guest.lose("node1").foundOn("node2").confirmed().look(900);

    FailoverRecord entry = guest.entry();
    assertThat(entry.cause()).isEqualTo(FailoverCause.UNKNOWN);
    assertThat(entry.phases()).isEmpty();
    assertThat(entry.recoveryPoint()).isEmpty();
    assertThat(entry.cost()).isEqualTo(FailoverRecord.Cost.OPEN);
    assertThat(guest.lastNews()).isEqualTo("ct:100 moved from node1 to node2: outage unknown.");
  }

  @Test
  void operatorThatStartsWhileTheNodeIsLostDoesNotSayWhenThatWas() {
    guest.restart();
    guest.synced("node2", 81).lose("node1").look(150);
    guest.state("fence").look(168);
    guest.foundOn("node2").confirmed().look(222);

    assertThat(guest.entry().cause()).isEqualTo(FailoverCause.NODE_LOST);
    assertThat(guest.entry().reached(FailoverPhase.LOSS_SEEN)).isEmpty();
    assertThat(guest.entry().reached(FailoverPhase.DECLARED)).contains(GuestStory.at(168));
    assertThat(guest.entry().cost().outageSeconds()).isEmpty();
    assertThat(guest.entry().cost().dataLossSeconds()).isEmpty();
  }

  @Test
  void operatorThatStartsAfterADeclarationDoesNotSayWhenThatWas() {
    guest.look(99);
    guest.lose("node1").look(108);

    guest.restart();
    guest.state("fence").look(190);
    guest.look(200);
    guest.foundOn("node2").confirmed().look(222);

    assertThat(guest.times(guest.entry()))
        .containsExactly("LOSS_SEEN 108", "RECOVERED 222", "START_ISSUED 222", "RUNNING 222");
  }

  @Test
  void secondNodeLostOnTheWayMakesTwoEntries() {
    guest.synced("node2", 81).synced("node3", 80).probed().look(99);
    guest.answered(100).lose("node1").silent(100).look(108);
    guest.state("fence").look(168);
    guest.foundOn("node2").state("started").look(222);
    guest.lose("node2").look(230);
    guest.state("fence").look(290);
    guest.foundOn("node3").state("started").look(340);
    guest.gap(100, 346).confirmed().look(347);

    assertThat(guest.entries()).hasSize(2);
    FailoverRecord first = guest.entries().get(0);
    FailoverRecord second = guest.entries().get(1);
    assertThat(first.to()).contains(new NodeName("node2"));
    assertThat(first.cost()).isEqualTo(FailoverRecord.Cost.OPEN);
    assertThat(second.from()).isEqualTo(new NodeName("node2"));
    assertThat(second.to()).contains(new NodeName("node3"));
    assertThat(second.cost().outageSeconds()).contains(246L);
    assertThat(second.cost().dataLossSeconds()).as("node2 never wrote").contains(20L);
  }

  @Test
  void guestThatCannotStartIsMovedOnForThatReason() {
    guest.synced("node2", 81).look(99);
    guest.lose("node1").look(108);
    guest.state("fence").look(168);
    guest.foundOn("node2").state("started").look(222);
    guest.failedOn("node2").state("relocate").look(240);
    guest.foundOn("node3").state("started").look(250);
    guest.confirmed().look(260);

    assertThat(guest.entries())
        .extracting(FailoverRecord::cause)
        .containsExactly(FailoverCause.NODE_LOST, FailoverCause.SERVICE_FAILED);
    assertThat(guest.entry().cost().dataLossSeconds()).contains(0L);
  }

  @Test
  void orderedMoveCarriesItsCauseAndLosesNothing() {
    guest.probed().answered(98).look(99);
    guest.ordered(
        new Order(
            new NodeName("node1"), Optional.empty(), FailoverCause.MAINTENANCE, Optional.empty()));
    guest.state("relocate").answered(99).look(100);
    guest.answered(100).silentProbe().look(103);
    guest.foundOn("node2").state("started").look(106);
    guest.gap(100, 109).look(110);
    guest.confirmed().look(112);

    assertThat(guest.entry().cause()).isEqualTo(FailoverCause.MAINTENANCE);
    assertThat(guest.entry().cost().outageSeconds()).contains(9L);
    assertThat(guest.entry().cost().dataLossSeconds()).contains(0L);
    assertThat(guest.times(guest.entry()))
        .containsExactly("RECOVERED 106", "START_ISSUED 106", "RUNNING 112", "ANSWERING 109");
  }

  @Test
  void containerThatIsMovedWithoutProbeIsAwayWhileItIsNotRunning() {
    guest.look(99);
    guest.state("relocate").look(100);
    guest.stopped().look(104);
    guest.foundOn("node2").state("started").look(108);
    guest.confirmed().look(112);

    assertThat(guest.entry().cause()).isEqualTo(FailoverCause.REQUESTED);
    assertThat(guest.entry().cost().outageSeconds()).contains(8L);
  }

  @Test
  void machineThatMovesWhileItRunsIsNotAway() {
    guest.machine().probed().answered(99).look(99);
    guest.state("migrate").answered(100).look(100);
    guest.foundOn("node2").state("started").answered(120).look(120);
    guest.confirmed().answered(124).look(124);
    assertThat(guest.entries()).as("no answer yet that is younger than the move").isEmpty();

    guest.answered(126).look(126);

    assertThat(guest.entry().cost().outageSeconds()).contains(0L);
    assertThat(guest.lastNews())
        .isEqualTo("vm:100 moved from node1 to node2: no outage, no writes lost.");
  }

  @Test
  void cancelledMoveLeavesNoEntry() {
    guest.look(99);
    guest.state("migrate").look(100);

    guest.state("started").look(120);

    assertThat(guest.inProgress()).isEmpty();
    assertThat(guest.entries()).isEmpty();
    assertThat(guest.news()).isEmpty();
  }

  @Test
  void nodeThatDiesInTheMiddleOfAMoveIsALoss() {
    guest.synced("node2", 95).predicted(135).look(99);
    guest.state("migrate").look(100);
    guest.lose("node1").look(110);
    guest.state("fence").look(170);
    guest.foundOn("node2").confirmed().look(222);

    assertThat(guest.entries()).hasSize(1);
    assertThat(guest.entry().cause()).isEqualTo(FailoverCause.NODE_LOST);
    assertThat(guest.entry().cost().dataLossSeconds()).contains(15L);
    assertThat(guest.entry().predictedOutageSeconds()).contains(135L);
  }

  @Test
  void returnIsAnEntryOfItsOwn() {
    guest.foundOn("node2").restart();
    guest.look(1000);
    guest.ordered(
        new Order(
            new NodeName("node2"),
            Optional.of(new NodeName("node1")),
            FailoverCause.FAILBACK,
            Optional.empty()));
    guest.state("relocate").look(1010);
    guest.stopped().foundOn("node1").state("started").look(1020);
    guest.confirmed().look(1030);

    assertThat(guest.entry().cause()).isEqualTo(FailoverCause.FAILBACK);
    assertThat(guest.entry().to()).contains(new NodeName("node1"));
  }

  @Test
  void guestThatRunsAndNeverAnswersHasMissedItsTime() {
    guest.probed().rto(180).look(99);
    guest.answered(100).lose("node1").silent(100).look(108);
    guest.foundOn("node2").confirmed().silentProbe().look(222);
    guest.look(500);
    assertThat(guest.inProgress()).isPresent();

    guest.look(823);

    assertThat(guest.entry().cost().outageSeconds()).isEmpty();
    assertThat(guest.entry().cost().rtoMet()).contains(false);
  }

  @Test
  void guestThatIsWantedStoppedMovesWithoutAnOutage() {
    guest.synced("node2", 81).wantedStopped().state("stopped").look(99);
    guest.lose("node1").look(108);
    guest.state("fence").look(168);
    guest.foundOn("node2").state("stopped").look(222);

    assertThat(guest.entry().cost().outageSeconds()).isEmpty();
    assertThat(guest.entry().cost().dataLossSeconds()).contains(27L);
  }

  @Test
  void restInPeaceSaysNothing() {
    List<Integer> times = List.of(10, 20, 30);
    times.forEach(guest::look);
    assertThat(guest.entries()).isEmpty();
    assertThat(guest.news()).isEmpty();
    assertThat(guest.inProgress()).isEmpty();
  }
}
