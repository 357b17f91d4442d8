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
public record LedgerUpdate(
    Optional<FailoverRecord> inProgress,
    List<FailoverRecord> ended,
    List<News> news,
    WatchMemory recollection) {

  public LedgerUpdate {
    ended = List.copyOf(ended);
    news = List.copyOf(news);
  }

  /** Something to tell. */
  public record News(String word, boolean good, String sentence) {}
}
