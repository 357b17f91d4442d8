package io.pveha.operator.polling;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.proxmox.ClusterCalls.Member;
import io.pveha.proxmox.ClusterCalls.MembershipView;
import io.pveha.proxmox.ProxmoxFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What counts of what nodes said of the membership, and when they owe an answer. */
class MembershipAnswersTest {

  private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final NodeName ONE = new NodeName("node1");
  private static final NodeName TWO = new NodeName("node2");
  private static final NodeName THREE = new NodeName("node3");
  private static final List<NodeName> ALL = List.of(ONE, TWO, THREE);
  private static final ProxmoxFailure SILENT = new ProxmoxFailure.Unreachable("no connection");

  @Test
  void viewCountsFromWhenItWasAskedForUntilItIsTooOld() {
    Membership seen = well();

    assertThat(seen.views(at(0)).keySet()).containsExactlyElementsOf(ALL);
    assertThat(seen.at(at(0))).hasValue(START);
    assertThat(seen.views(at(15)).keySet()).containsExactlyElementsOf(ALL);
    assertThat(seen.views(at(15.1))).isEmpty();
    assertThat(seen.at(at(15.1))).isEmpty();
  }

  @Test
  void lateAnswerCountsWithItsOwnTime() {
    Membership seen = well().asked(THREE, at(2));

    assertThat(seen.views(at(7.1)).keySet()).as("owed for too long").containsExactly(ONE, TWO);
    Membership late = seen.answered(THREE, view(THREE, ALL), at(2), at(10));

    assertThat(late.views(at(10))).containsKey(THREE);
    assertThat(late.views(at(17))).containsKey(THREE);
    assertThat(late.views(at(17.1))).as("15 s after it was asked for").doesNotContainKey(THREE);
    assertThat(late.problems(at(10)))
        .as("it does not answer as it should")
        .containsEntry(THREE, ConditionReason.ENDPOINT_UNREACHABLE);
    assertThat(late.asked(THREE, at(12)).answered(THREE, view(THREE, ALL), at(12), at(12.1)))
        .satisfies(prompt -> assertThat(prompt.problems(at(12.1))).isEmpty());
  }

  @Test
  void isAsOldAsTheSecondNewestViewThatHoldsTheQuorum() {
    Membership seen =
        well()
            .asked(ONE, at(4))
            .answered(ONE, view(ONE, ALL), at(4), at(4))
            .asked(TWO, at(2))
            .answered(TWO, view(TWO, ALL), at(2), at(4));

    assertThat(seen.at(at(4))).hasValue(at(2));
  }

  @Test
  void failureTakesTheViewAway() {
    Membership seen =
        well()
            .asked(THREE, at(2))
            .failed(THREE, SILENT, ConditionReason.ENDPOINT_UNREACHABLE, at(2), at(3));

    assertThat(seen.views(at(3)).keySet()).containsExactly(ONE, TWO);
    assertThat(seen.problems(at(3))).containsOnlyKeys(THREE);
    assertThat(seen.toAsk(at(3))).containsExactly(ONE, TWO);
  }

  @Test
  void wordOfASilentNodeDoesNotOutliveNewerOnesThatContradictIt() {
    Membership seen = well().asked(THREE, at(2));
    assertThat(seen.looked(at(3.1)).silent(at(3.1))).containsExactly(THREE);
    assertThat(seen.views(at(3.1))).as("nobody contradicts it").containsKey(THREE);

    Membership lost =
        seen.asked(ONE, at(3.2)).answered(ONE, view(ONE, List.of(ONE, TWO)), at(3.2), at(3.2));
    assertThat(lost.views(at(3.2)).keySet()).containsExactly(ONE, TWO);
  }

  @Test
  void nodeThatAlwaysTakesLongIsNotSilentBeforeItTakesTwiceAsLong() {
    Membership slow =
        well()
            .asked(THREE, at(0))
            .answered(THREE, view(THREE, ALL), at(0), at(2))
            .asked(THREE, at(4));

    assertThat(slow.silent(at(8))).isEmpty();
    assertThat(slow.silent(at(8.1))).containsExactly(THREE);
  }

  @Test
  void suspicionBeginsWithSilenceAndEndsWithTheAnswer() {
    Membership seen = well().asked(THREE, at(2));

    assertThat(seen.looked(at(3)).isSuspicious(at(3))).isFalse();
    Membership silent = seen.looked(at(3.1));
    assertThat(silent.isSuspicious(at(3.1))).isTrue();
    assertThat(silent.isSuspicious(at(33))).isTrue();
    assertThat(silent.isSuspicious(at(33.2))).as("it does not last").isFalse();

    Membership slow = silent.answered(THREE, view(THREE, ALL), at(2), at(4));
    assertThat(slow.isSuspicious(at(4))).as("the answer took too long").isTrue();
    Membership back = slow.asked(THREE, at(6)).answered(THREE, view(THREE, ALL), at(6), at(6.1));
    assertThat(back.isSuspicious(at(6.1))).isFalse();
  }

  /** Else a node that is slow forever has the others asked several times a second forever. */
  @Test
  void slowNodeDoesNotMakeSuspiciousAgainAndAgain() {
    Membership seen = well();
    for (int second = 0; second < 60; second += 4) {
      seen =
          seen.asked(THREE, at(second))
              .looked(at(second + 1.1))
              .answered(THREE, view(THREE, ALL), at(second), at(second + 2));
      seen = refresh(seen, second + 2);
    }
    assertThat(seen.isSuspicious(at(60))).isFalse();
  }

  @Test
  void suspicionBeginsWhenOneMemberHasItOfflineAndEndsWhenAllHave() {
    Membership one =
        well().asked(ONE, at(2)).answered(ONE, view(ONE, List.of(ONE, TWO)), at(2), at(2));
    assertThat(one.isSuspicious(at(2))).isTrue();
    assertThat(one.isGone(THREE, at(2))).isFalse();

    Membership both =
        one.asked(TWO, at(2.2))
            .answered(TWO, view(TWO, List.of(ONE, TWO)), at(2.2), at(2.2))
            .asked(THREE, at(2.1))
            .looked(at(3.2));
    assertThat(both.isSuspicious(at(3.2))).as("nothing more is to be learned").isFalse();
    assertThat(both.isGone(THREE, at(3.2))).isTrue();
  }

  @Test
  void twoViewsAreReadyAfterAMomentAndOneOnlyAfterThePatience() {
    Membership none = asked();
    Membership one = none.answered(ONE, view(ONE, ALL), at(0), at(0.1));
    Membership two = one.answered(TWO, view(TWO, ALL), at(0), at(0.2));

    assertThat(two.isReady(at(1))).isFalse();
    assertThat(two.isReady(at(1.1))).isTrue();
    assertThat(two.problems(at(1.1))).containsEntry(THREE, ConditionReason.NOT_TOLD);
    assertThat(one.isReady(at(5))).isFalse();
    assertThat(one.isReady(at(5.1))).isTrue();
    assertThat(well().isReady(at(0))).isTrue();
  }

  @Test
  void nobodyAnswersOnceEveryNodeFailedOrIsOverdue() {
    Membership seen =
        asked()
            .failed(ONE, SILENT, ConditionReason.ENDPOINT_UNREACHABLE, at(0), at(3))
            .failed(TWO, SILENT, ConditionReason.ENDPOINT_UNREACHABLE, at(0), at(3));

    assertThat(seen.isUnanswered(at(5))).isFalse();
    assertThat(seen.isUnanswered(at(5.1))).isTrue();
    assertThat(seen.unreachable(at(5.1)))
        .containsExactly(
            "node1 (no connection)",
            "node2 (no connection)",
            "node3 (node3 did not answer in time)");
    assertThat(seen.failed(THREE, SILENT, ConditionReason.CREDENTIALS_REJECTED, at(0), at(6)))
        .satisfies(told -> assertThat(told.unreachable(at(6))).isEmpty());
  }

  /** The way to all of them was cut: what failed before that says nothing of a node. */
  @Test
  void nodesAreHeardAnewWhenOneIsBackAfterNoneAnswered() {
    Membership cut = asked();
    for (NodeName node : ALL) {
      cut = cut.failed(node, SILENT, ConditionReason.ENDPOINT_UNREACHABLE, at(0), at(3));
    }
    Membership back =
        cut.asked(TWO, at(5)).asked(ONE, at(6)).answered(ONE, view(ONE, ALL), at(6), at(6));

    assertThat(back.isReady(at(6))).isFalse();
    assertThat(back.isUnheard(TWO)).isTrue();
    Membership stale = back.failed(TWO, SILENT, ConditionReason.ENDPOINT_UNREACHABLE, at(5), at(8));
    assertThat(stale.problems(at(8)))
        .doesNotContainEntry(TWO, ConditionReason.ENDPOINT_UNREACHABLE);
    Membership whole =
        stale
            .asked(TWO, at(8))
            .answered(TWO, view(TWO, ALL), at(8), at(8))
            .asked(THREE, at(8))
            .answered(THREE, view(THREE, ALL), at(8), at(8));
    assertThat(whole.isReady(at(8))).isTrue();
    assertThat(whole.problems(at(8))).isEmpty();
  }

  private static Membership refresh(Membership seen, double second) {
    return Stream.of(ONE, TWO)
        .reduce(
            seen,
            (known, node) ->
                known
                    .asked(node, at(second))
                    .answered(node, view(node, ALL), at(second), at(second)),
            (one, other) -> other);
  }

  private static Membership asked() {
    Membership none = Membership.of(ALL, PATIENCE);
    for (NodeName node : ALL) {
      none = none.asked(node, START);
    }
    return none;
  }

  private static Membership well() {
    Membership seen = asked();
    for (NodeName node : ALL) {
      seen = seen.answered(node, view(node, ALL), START, START);
    }
    return seen;
  }

  private static MembershipView view(NodeName self, List<NodeName> online) {
    Set<NodeName> on = Set.copyOf(online);
    return new MembershipView(
        self,
        Optional.of("home"),
        true,
        ALL.stream()
            .map(node -> new Member(node, 1, "10.0.0.1", on.contains(node), node.equals(self)))
            .toList());
  }

  private static Instant at(double seconds) {
    return START.plusMillis(Math.round(seconds * 1000));
  }
}
