package io.pveha.operator.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.HaResourceStatus.ProbeResult;
import io.pveha.core.ledger.GuestSighting.Gap;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What rounds of a probe come to. */
class ProbeHistoryTest {

  private static final Optional<String> REFUSED = Optional.of("refused");
  private static final Optional<String> ANSWER = Optional.empty();

  private static Instant at(long second) {
    return Instant.ofEpochSecond(second);
  }

  @Test
  void silenceCountsFromTheLastAnswerToTheNext() {
    ProbeHistory seen =
        ProbeHistory.first(Optional.empty(), at(10), ANSWER)
            .then(at(15), ANSWER)
            .then(at(20), REFUSED)
            .then(at(25), Optional.of("no answer within 2 s"));

    assertThat(seen.answering()).isFalse();
    assertThat(seen.since()).contains(at(15));
    assertThat(seen.message()).contains("refused");
    assertThat(seen.then(at(30), ANSWER).lastGap()).contains(new Gap(at(15), at(30), true));
  }

  @Test
  void guestThatNeverAnsweredHasNoLastAnswer() {
    ProbeHistory seen = ProbeHistory.first(Optional.empty(), at(10), REFUSED).then(at(15), REFUSED);

    assertThat(seen.since()).isEmpty();
    assertThat(seen.lastAnswer()).isEmpty();
    assertThat(seen.then(at(20), ANSWER).lastGap()).isEmpty();
  }

  @Test
  void silenceOutlivesARestart() {
    Optional<ProbeResult> saved = Optional.of(new ProbeResult(false, at(15), "refused"));

    ProbeHistory seen = ProbeHistory.first(saved, at(60), REFUSED).then(at(65), ANSWER);

    assertThat(seen.lastGap()).contains(new Gap(at(15), at(65), true));
  }

  @Test
  void answerThatFirstIsSeenAfterARestartMayHaveComeBefore() {
    Optional<ProbeResult> saved = Optional.of(new ProbeResult(false, at(15), "refused"));

    assertThat(ProbeHistory.first(saved, at(60), ANSWER).lastGap())
        .contains(new Gap(at(15), at(60), false));
  }

  @Test
  void restartKeepsSinceWhenItAnswers() {
    Optional<ProbeResult> saved = Optional.of(new ProbeResult(true, at(15), null));

    assertThat(ProbeHistory.first(saved, at(60), ANSWER).since()).contains(at(15));
  }
}
