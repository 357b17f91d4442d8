package io.pveha.core.move;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;

/** A time of day in UTC; may go over midnight. The same time twice is the whole day. */
public record TimeWindow(LocalTime from, LocalTime to) {

  /** From {@code 22:00-05:00}. */
  public static TimeWindow of(String text) {
    String[] ends = text.split("-");
    return new TimeWindow(LocalTime.parse(ends[0]), LocalTime.parse(ends[1]));
  }

  boolean contains(Instant now) {
    LocalTime time = now.atZone(ZoneOffset.UTC).toLocalTime();
    if (from.equals(to)) {
      return true;
    }
    return from.isBefore(to)
        ? !time.isBefore(from) && time.isBefore(to)
        : !time.isBefore(from) || time.isBefore(to);
  }

  /** When it opens next. */
  Instant opensAfter(Instant now) {
    Instant today = now.atZone(ZoneOffset.UTC).toLocalDate().atTime(from).toInstant(ZoneOffset.UTC);
    return today.isAfter(now) ? today : today.plus(Duration.ofDays(1));
  }
}
