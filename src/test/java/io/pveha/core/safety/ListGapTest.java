package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A run is later than a gap only when it is so however wrong its node's clock is known to be. */
class ListGapTest {

  private static final Instant GAP = Instant.parse("2026-01-05T08:00:00Z");
  private static final Instant LATER = GAP.plus(ListGap.SET_SINCE);

  @Test
  void isOverByALaterRunOfANodeWithTheSameTime() {
    ListGap gap = gap(Duration.ZERO);

    assertThat(gap.isOverBy(LATER)).isFalse();
    assertThat(gap.isOverBy(LATER.plusSeconds(1))).isTrue();
  }

  @Test
  void isNotOverByARunThatOnlyAClockAheadMakesLater() {
    ListGap gap = gap(Duration.ofMinutes(10));

    assertThat(gap.isOverBy(LATER.plus(Duration.ofMinutes(10)))).isFalse();
    assertThat(gap.isOverBy(LATER.plus(Duration.ofMinutes(11)))).isTrue();
  }

  /** It may have been set right since, and the run be of the time before. */
  @Test
  void isNotOverSoonerForAClockThatIsBehind() {
    assertThat(gap(Duration.ofMinutes(-10)).isOverBy(GAP.minusSeconds(1))).isFalse();
  }

  @Test
  void isNotOverByAClockThatIsNotKnown() {
    assertThat(ListGap.of(GAP, Optional.empty()).isOverBy(Instant.MAX)).isFalse();
  }

  private static ListGap gap(Duration ahead) {
    return ListGap.of(GAP, Optional.of(ahead));
  }
}
