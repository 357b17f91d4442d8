package io.pveha.operator.metrics;

import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * One series of a gauge. Equal samples need no exchange in the registry.
 *
 * @param name in Micrometer's way, with dots and with its unit
 * @param since not null: the value is the time since then, as of the scrape
 */
record Sample(String name, Tags tags, double value, Instant since) {

  static Sample of(String name, Tags tags, double value) {
    return new Sample(name, tags, value, null);
  }

  static Sample of(String name, Tags tags, boolean value) {
    return of(name, tags, value ? 1 : 0);
  }

  /** How long ago something was, at the time of the scrape. */
  static Sample age(String name, Tags tags, Instant since) {
    return new Sample(name, tags, 0, since);
  }

  double read(Clock clock) {
    return since == null ? value : Duration.between(since, clock.instant()).toMillis() / 1000.0;
  }
}
