package io.pveha.operator.polling;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.operator.connection.AccessProblem;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Trouble that may pass, and trouble that lasts. */
class TroubleTest {

  private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");
  private static final AccessProblem SILENT =
      new AccessProblem(ConditionReason.ENDPOINT_UNREACHABLE, "Nobody answers.");
  private static final AccessProblem REFUSED =
      new AccessProblem(ConditionReason.REQUEST_REFUSED, "All answer 500.");

  @Test
  void lastsOnceItHasGoneOnForThirtySecondsWhateverItsWords() {
    Trouble first = Trouble.at(SILENT, START, Optional.empty());
    Trouble next = Trouble.at(REFUSED, START.plusSeconds(29), Optional.of(first));

    assertThat(first.lasting()).isFalse();
    assertThat(next).isEqualTo(new Trouble(REFUSED, START, false));
    assertThat(next.asOf(START.plusSeconds(30)).lasting()).isTrue();
    assertThat(Trouble.at(SILENT, START.plusSeconds(30), Optional.of(next)).lasting()).isTrue();
  }

  @Test
  void thatLastsDoesNotBecomePassingAgain() {
    Trouble told = Trouble.at(SILENT, START, Optional.empty()).asLasting();

    assertThat(Trouble.at(SILENT, START.plusSeconds(2), Optional.of(told)).lasting()).isTrue();
  }

  @Test
  void ofAnObservationPassesWithTheNextRound() {
    Observation missed = Observation.NONE.withFastTrouble(SILENT, START);

    assertThat(missed.isTroublePassing()).isTrue();
    assertThat(missed.outOfSight()).isEmpty();
    assertThat(missed.asOf(START.plusSeconds(30)).outOfSight()).hasValue(SILENT);
    assertThat(missed.asOf(START.plusSeconds(30)).isTroublePassing()).isFalse();
  }

  @Test
  void ofEitherLaneIsTroubleAndThatOfTheFastOneIsToldFirst() {
    Observation both =
        Observation.NONE.withSlowTrouble(REFUSED, START).withFastTrouble(SILENT, START);

    assertThat(both.trouble()).map(Trouble::problem).hasValue(SILENT);
    assertThat(Observation.NONE.withSlowTrouble(REFUSED, START).trouble()).isPresent();
  }
}
