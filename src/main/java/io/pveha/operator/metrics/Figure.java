package io.pveha.operator.metrics;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;

/**
 * One series of a gauge.
 *
 * @param name in Micrometer's way, with dots
 * @param unit that Prometheus' name ends in; empty when it is none
 * @param value read at each scrape
 */
record Figure(String name, String unit, Tags tags, DoubleSupplier value) {

  /** What two readings of the same series have in common. */
  record Key(String name, Tags tags) {}

  static Figure of(String name, Tags tags, double value) {
    return new Figure(name, "", tags, () -> value);
  }

  static Figure of(String name, Tags tags, boolean value) {
    return of(name, tags, value ? 1 : 0);
  }

  static Figure seconds(String name, Tags tags, DoubleSupplier value) {
    return new Figure(name, "seconds", tags, value);
  }

  static Figure seconds(String name, Tags tags, long value) {
    return seconds(name, tags, () -> value);
  }

  /** How long ago something was, at the time of the scrape. */
  static Figure age(String name, Tags tags, Instant since, Clock clock) {
    return seconds(name, tags, () -> Duration.between(since, clock.instant()).toMillis() / 1000.0);
  }

  static Figure bytes(String name, Tags tags, long value) {
    return new Figure(name, "bytes", tags, () -> value);
  }

  static Figure ratio(String name, Tags tags, double value) {
    return new Figure(name, "ratio", tags, () -> value);
  }

  /** Label and value; a value that nobody knows is empty. */
  static Tag tag(String label, String value) {
    return Tag.of(label, value == null ? "" : value);
  }

  Key key() {
    return new Key(name, tags);
  }
}
