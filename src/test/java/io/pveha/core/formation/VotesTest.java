package io.pveha.core.formation;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.formation.Votes.Voter;
import io.pveha.core.plan.Finding;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VotesTest {

  @Test
  void threeVotesBearOneFailure() {
    Votes votes =
        Votes.count(List.of(home(1), home(2), home(3)), Optional.empty(), Optional.of("a"));

    assertThat(votes.needed()).isEqualTo(2);
    assertThat(votes.failuresTolerated()).isEqualTo(1);
    assertThat(votes.findings()).isEmpty();
  }

  @Test
  void twoNodesLackATieBreakerUnlessADeviceVotes() {
    assertThat(reasons(Votes.count(List.of(home(1), home(2)), Optional.empty(), Optional.empty())))
        .containsExactly(ConditionReason.TIE_BREAKER_MISSING);
    assertThat(
            reasons(Votes.count(List.of(home(1), home(2)), device("Connected"), Optional.empty())))
        .isEmpty();
  }

  @Test
  void oneNodeBearsNoFailureAndNoDeviceHelps() {
    Votes votes = Votes.count(List.of(home(1)), Optional.empty(), Optional.empty());

    assertThat(reasons(votes)).containsExactly(ConditionReason.NO_FAILURE_TOLERATED);
    assertThat(votes.findings().get(0).message())
        .isEqualTo("The cluster has one node, whose loss stops all. Add two nodes.");
  }

  @Test
  void fourVotesAreEven() {
    assertThat(
            reasons(
                Votes.count(
                    List.of(home(1), home(2), home(3), home(4)),
                    Optional.empty(),
                    Optional.empty())))
        .containsExactly(ConditionReason.EVEN_VOTES);
  }

  @Test
  void aRemoteNodeWithoutVotesEndangersNothing() {
    Votes votes =
        Votes.count(
            List.of(home(1), home(2), home(3), remote(4, 0)), Optional.empty(), Optional.of("a"));

    assertThat(votes.findings()).isEmpty();
    assertThat(votes.expected()).isEqualTo(3);
  }

  @Test
  void aRemoteVoteThatHomeDependsOnIsCalledOut() {
    assertThat(
            reasons(
                Votes.count(
                    List.of(home(1), home(2), home(3), remote(4, 1)),
                    Optional.empty(),
                    Optional.of("a"))))
        .contains(ConditionReason.REMOTE_SITE_TIPS_QUORUM);
    assertThat(
            reasons(
                Votes.count(
                    List.of(home(1), home(2), remote(3, 1), remote(4, 1), remote(5, 1)),
                    Optional.empty(),
                    Optional.of("a"))))
        .contains(ConditionReason.REMOTE_SITE_TIPS_QUORUM);
  }

  @Test
  void anOfflineNodeLowersWhatIsTolerated() {
    Voter gone = new Voter(new NodeName("node3"), 1, Optional.of("a"), false);

    Votes votes = Votes.count(List.of(home(1), home(2), gone), Optional.empty(), Optional.empty());

    assertThat(votes.present()).isEqualTo(2);
    assertThat(votes.failuresTolerated()).isZero();
    assertThat(votes.findings()).isEmpty();
  }

  private static List<ConditionReason> reasons(Votes votes) {
    return votes.findings().stream().map(Finding::reason).toList();
  }

  private static Voter home(int number) {
    return new Voter(new NodeName("node" + number), 1, Optional.of("a"), true);
  }

  /** Else the loss of a node would be called harmless that stops both. */
  @ParameterizedTest
  @ValueSource(strings = {"Disconnected", "Connect failed", "Connecting", "", "not Connected"})
  void deviceThatIsNotConnectedIsExpectedAndCastsNoVote(String state) {
    Votes votes = Votes.count(List.of(home(1), home(2)), device(state), Optional.empty());

    assertThat(votes.present()).isEqualTo(2);
    assertThat(votes.expected()).isEqualTo(3);
    assertThat(votes.needed()).isEqualTo(2);
    assertThat(votes.failuresTolerated()).isZero();
    assertThat(votes.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.reason()).isEqualTo(ConditionReason.TIE_BREAKER_MISSING);
              assertThat(finding.message())
                  .contains("10.0.0.50", "(" + state + ")", "corosync-qnetd")
                  .doesNotContain("set up an external");
            });
  }

  @Test
  void lastManStandingThatIsNotConnectedRaisesWhatIsNeeded() {
    Votes votes =
        Votes.count(
            List.of(home(1), home(2), home(3), home(4)),
            Optional.of(new Votes.Device("10.0.0.50", "Disconnected", 3)),
            Optional.empty());

    assertThat(votes.needed()).isEqualTo(4);
    assertThat(votes.failuresTolerated()).isZero();
  }

  private static Optional<Votes.Device> device(String state) {
    return Optional.of(new Votes.Device("10.0.0.50", state, 1));
  }

  private static Voter remote(int number, int votes) {
    return new Voter(new NodeName("node" + number), votes, Optional.of("b"), true);
  }
}
