package io.pveha.core.placement;

/**
 * A rule that applies in the end.
 *
 * @param order its place in the file, counted from 1; made-up rules share their neighbours' numbers
 */
public record EffectiveRule(int order, Origin origin, HaRule rule) {

  /** Where it comes from. */
  public enum Origin {
    GIVEN,
    /** From positive rules that share services. */
    MERGED,
    /** Services kept together with one that is kept apart from a third. */
    IMPLICIT_NEGATIVE
  }

  EffectiveRule withRule(HaRule other) {
    return new EffectiveRule(order, origin, other);
  }
}
