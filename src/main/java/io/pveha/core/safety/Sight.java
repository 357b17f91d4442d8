package io.pveha.core.safety;

import io.pveha.core.plan.Finding;
import java.util.Map;
import java.util.Optional;

/**
 * What may be concluded from the gaps of Proxmox's lists. A key is proven absent when the
 * privileges that the list rests on are held, something that must be there if we can see at all is
 * seen, and agreeing views have lacked the key for a time.
 *
 * @param doubts about whole lists; a list without doubt is believed
 */
public record Sight(Map<Listing, Finding> doubts) {

  /** All lists are believed. */
  public static final Sight FULL = new Sight(Map.of());

  public Sight {
    doubts = Map.copyOf(doubts);
  }

  /** Why gaps of this list prove nothing; empty when they do. */
  public Optional<Finding> doubt(Listing listing) {
    return Optional.ofNullable(doubts.get(listing));
  }

  /**
   * Why the absence of one key is not proven; empty when it is. Only asked for keys that the list
   * lacks.
   */
  public Optional<Finding> doubtThatGone(Listing listing, String key) {
    return doubt(listing);
  }
}
