package io.pveha.simulator.machine;

import java.time.Duration;

/**
 * What is wrong with a node's API on purpose.
 *
 * @param kind of the fault
 * @param delay before each answer, simulated time; for {@link Kind#SLOW}
 * @param status of each answer; for {@link Kind#FAILING} and {@link Kind#HTML}
 */
public record ApiFault(Kind kind, Duration delay, int status) {

  /** Kinds of faults. */
  public enum Kind {
    /** Answers as it should. */
    NONE,
    /** Answers late. */
    SLOW,
    /** Takes the request and never answers. */
    HANGING,
    /** Answers everything with {@link ApiFault#status()}. */
    FAILING,
    /** A proxy in between answers everything with an HTML page of {@link ApiFault#status()}. */
    HTML
  }

  /** No fault. */
  public static final ApiFault NONE = new ApiFault(Kind.NONE, Duration.ZERO, 0);
}
