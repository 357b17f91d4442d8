package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing follows from one answer that says that something fails. */
class FailureLogTest {

  private static final Instant FIRST = Instant.parse("2026-01-01T12:00:00Z");
  private static final Instant LATER = FIRST.plus(FailureLog.LONG_ENOUGH);

  @Test
  void isSureOnceALaterLookSaysTheSame() {
    FailureLog once = FailureLog.NONE.look(List.of("tank"), FIRST);

    assertThat(once.sure()).isEmpty();
    assertThat(once.look(List.of("tank"), LATER.minusMillis(1)).sure()).isEmpty();
    assertThat(once.look(List.of("tank", "other"), LATER).sure()).containsExactly("tank");
  }

  @Test
  void beginsAnewAfterALookThatDoesNotSaySo() {
    FailureLog back =
        FailureLog.NONE.look(List.of("tank"), FIRST).look(List.of(), FIRST.plusSeconds(5));

    assertThat(back).isEqualTo(FailureLog.NONE);
    assertThat(back.look(List.of("tank"), LATER).sure()).isEmpty();
  }

  @Test
  void isNewsWhenItBecomesSureAndNotWhileItLasts() {
    FailureLog once = FailureLog.NONE.look(List.of("tank"), FIRST);
    FailureLog sure = once.look(List.of("tank"), LATER);

    assertThat(sure.timeless()).isNotEqualTo(once.timeless());
    assertThat(sure.look(List.of("tank"), LATER.plusSeconds(15)).timeless())
        .isEqualTo(sure.timeless());
  }
}
