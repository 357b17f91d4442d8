package io.pveha.core.ledger;

import java.util.List;
import java.util.Optional;

/**
 * What one look came to.
 *
 * @param inProgress to be saved
 * @param ended to be put on top of the ledger, in this order
 * @param news to be told once
 */
public record Look(
    Optional<Passage> inProgress, List<Passage> ended, List<News> news, Recollection recollection) {

  public Look {
    ended = List.copyOf(ended);
    news = List.copyOf(news);
  }

  /** Something to tell. */
  public record News(String word, boolean good, String sentence) {}
}
