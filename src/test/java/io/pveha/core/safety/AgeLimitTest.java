package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How old facts may be. */
class AgeLimitTest {

  private static final Instant NOW = Instant.parse("2026-01-05T08:00:00Z");

  @Test
  void factsMayBeAsOldAsTheLimitAndNoOlder() {
    Instant oldest = NOW.minus(AgeLimit.FAST);

    assertThat(AgeLimit.doubt(oldest, NOW)).isEmpty();
    assertThat(AgeLimit.doubt(oldest.minusMillis(1), NOW))
        .map(Finding::reason)
        .hasValue(ConditionReason.FACTS_TOO_OLD);
  }

  @Test
  void whatIsAskedSeldomMayBeOlderButNotForEver() {
    Instant oldest = NOW.minus(AgeLimit.SLOW);

    assertThat(AgeLimit.doubt(NOW, oldest, NOW)).isEmpty();
    assertThat(AgeLimit.doubt(NOW, oldest.minusMillis(1), NOW))
        .map(Finding::reason)
        .hasValue(ConditionReason.FACTS_TOO_OLD);
  }

  @Test
  void eitherKindOfFactsIsReasonEnough() {
    Instant old = NOW.minus(AgeLimit.FAST).minusMillis(1);

    assertThat(AgeLimit.doubt(old, NOW, NOW)).isPresent();
    assertThat(AgeLimit.doubt(old, old, NOW)).isPresent();
  }

  /** Else each look at it would write a status. */
  @Test
  void wordsStayTheSameWhileTheAgeGrows() {
    Optional<Finding> soon = AgeLimit.doubt(NOW, NOW.plusSeconds(31));
    Optional<Finding> late = AgeLimit.doubt(NOW, NOW.plus(Duration.ofHours(3)));

    assertThat(late).isEqualTo(soon);
    assertThat(soon)
        .map(Finding::message)
        .hasValueSatisfying(words -> assertThat(words).contains("2026-01-05T08:00:00Z", "30 s"));
  }

  /** A clock that was set back makes nothing old. */
  @Test
  void factsOfTheFutureAreNotOld() {
    assertThat(AgeLimit.doubt(NOW.plusSeconds(3600), NOW)).isEmpty();
  }
}
