package io.pveha.core.plan;

/** How many of a thing, as one says it: {@code 1 job}, {@code 2 jobs}. */
public final class Count {

  private Count() {}

  /** For a thing whose plural ends in s. */
  public static String of(long count, String one) {
    return count + " " + one + (count == 1 ? "" : "s");
  }

  /** The same with the verb that follows. */
  public static String are(long count, String one) {
    return of(count, one) + (count == 1 ? " is" : " are");
  }

  /** How often: once, twice, 3 times. */
  public static String times(long count) {
    return count == 1 ? "once" : count == 2 ? "twice" : count + " times";
  }
}
