package io.pveha.core.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What was last reported of something, by whom and when, and why the latest attempt to hear more
 * failed, if it did. A failed attempt does not take away what is known: it makes it older.
 *
 * @param value empty while it was never told
 * @param by the node that told it; present with the value
 * @param at when it was asked for; present with the value
 * @param problem of the latest attempt; empty when that one succeeded, or none was made
 */
public record Fact<T>(
    Optional<T> value, Optional<NodeName> by, Optional<Instant> at, Optional<Problem> problem) {

  /**
   * Why something could not be read.
   *
   * @param text for a person; holds no secret
   */
  public record Problem(Instant at, String text) {}

  /** What nobody has been asked for yet. */
  public static <T> Fact<T> unknown() {
    return new Fact<>(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** What a node has told. */
  public static <T> Fact<T> told(T value, NodeName by, Instant at) {
    return new Fact<>(
        Optional.of(Objects.requireNonNull(value)),
        Optional.of(by),
        Optional.of(at),
        Optional.empty());
  }

  /** The same, older: the latest attempt failed. */
  public Fact<T> failed(Instant when, String why) {
    return new Fact<>(value, by, at, Optional.of(new Problem(when, why)));
  }

  /** The value, if it is not older than that. */
  public Optional<T> within(Duration oldest, Instant now) {
    return isWithin(oldest, now) ? value : Optional.empty();
  }

  /** Whether there is a value that is not older than that. */
  public boolean isWithin(Duration oldest, Instant now) {
    return at.filter(told -> !told.plus(oldest).isBefore(now)).isPresent();
  }
}
