package io.pveha.core.safety;

import java.util.Optional;

/**
 * Something that a step takes for granted is not there, or not more than what is listed.
 *
 * @param key of what is not there; empty when the list must be whole, since what is narrowed or
 *     removed follows from it
 * @param ordered whether its owner said so, explicitly and now: then it is enough that no member
 *     lists it, and that the privileges are held
 */
public record Absence(Listing listing, Optional<String> key, boolean ordered) {

  /** One thing that is to be made. */
  public static Absence of(Listing listing, String key) {
    return new Absence(listing, Optional.of(key), false);
  }

  /** Nothing beyond what is listed. */
  public static Absence beyond(Listing listing) {
    return new Absence(listing, Optional.empty(), false);
  }
}
