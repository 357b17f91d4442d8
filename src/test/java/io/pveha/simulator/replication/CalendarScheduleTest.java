package io.pveha.simulator.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CalendarScheduleTest {

  // A Monday.
  private static final Instant NOW = Instant.parse("2026-01-05T10:07:20Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/5 | 2026-01-05T10:10:00Z",
        "*/1 | 2026-01-05T10:08:00Z",
        "*/15 | 2026-01-05T10:15:00Z",
        "0,30 | 2026-01-05T10:30:00Z",
        "*/2:00 | 2026-01-05T12:00:00Z",
        "22:00 | 2026-01-05T22:00:00Z",
        "06:30 | 2026-01-06T06:30:00Z",
        "mon..fri 8..17:0/15 | 2026-01-05T10:15:00Z",
        "sat,sun 10:00 | 2026-01-10T10:00:00Z",
        "fri..mon 09:00 | 2026-01-09T09:00:00Z",
        "mon | 2026-01-12T00:00:00Z",
        "minutely | 2026-01-05T10:08:00Z",
        "hourly | 2026-01-05T11:00:00Z",
        "daily | 2026-01-06T00:00:00Z",
        "weekly | 2026-01-12T00:00:00Z",
        "monthly | 2026-02-01T00:00:00Z",
        "yearly | 2027-01-01T00:00:00Z",
        "*-*-15 12:00 | 2026-01-15T12:00:00Z",
        "02-29 | 2028-02-29T00:00:00Z",
        "12:05:30 | 2026-01-05T12:05:00Z",
      })
  void findsTheNextEvent(String schedule, Instant next) {
    assertThat(CalendarSchedule.parse(schedule).after(NOW)).isEqualTo(next);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "*/0", "61", "24:00", "mon mon 10:00 10", "1:2:3:4", "10..5"})
  void refusesWhatIsNoSchedule(String schedule) {
    assertThatThrownBy(() -> CalendarSchedule.parse(schedule))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"*/20,3"})
  void givesSeveralEvents(String schedule, int count) {
    assertThat(CalendarSchedule.parse(schedule).next(NOW, count))
        .containsExactly(
            Instant.parse("2026-01-05T10:20:00Z"),
            Instant.parse("2026-01-05T10:40:00Z"),
            Instant.parse("2026-01-05T11:00:00Z"));
  }
}
