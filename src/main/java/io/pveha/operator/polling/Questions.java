package io.pveha.operator.polling;

import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts questions and hands on each answer when it comes; nobody waits. A question that is still
 * owed its answer is not put again.
 */
final class Questions<K> {

  private static final Logger LOG = LoggerFactory.getLogger(Questions.class);

  private final WatcherThreads threads;
  private final Set<K> owed = ConcurrentHashMap.newKeySet();

  Questions(WatcherThreads threads) {
    this.threads = threads;
  }

  /** Whether the answer to a question is owed. */
  boolean isOwed(K key) {
    return owed.contains(key);
  }

  /**
   * Puts a question, unless its answer is owed.
   *
   * @param question fails with nothing that may be expected; a fault is logged
   */
  <T> void put(K key, Supplier<T> question, Consumer<T> answer) {
    if (owed.add(key)) {
      threads.askBeside(() -> ask(key, question, answer));
    }
  }

  private <T> void ask(K key, Supplier<T> question, Consumer<T> answer) {
    try {
      T told;
      try {
        told = question.get();
      } finally {
        owed.remove(key);
      }
      answer.accept(told);
    } catch (CancellationException ending) {
      LOG.debug("Question {} was left: {}", key, ending.getMessage());
    } catch (RuntimeException bug) {
      LOG.error("Question {} failed", key, bug);
    }
  }
}
