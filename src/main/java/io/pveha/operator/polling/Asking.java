package io.pveha.operator.polling;

import io.pveha.proxmox.ProxmoxFailure;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Asks several nodes at once and waits for all, but not longer than its patience. A node that still
 * owes an answer is not asked again meanwhile.
 */
final class Asking<K extends Comparable<K>> {

  private final ExecutorService threads;
  private final Set<K> owing = ConcurrentHashMap.newKeySet();

  Asking(ExecutorService threads) {
    this.threads = threads;
  }

  /** The answers; empty for a node that did not answer in time. */
  <T> Map<K, Optional<T>> ask(List<K> nodes, Duration patience, Function<K, T> question) {
    Map<K, Future<T>> asked = new TreeMap<>();
    for (K node : nodes) {
      if (owing.add(node)) {
        asked.put(node, submit(node, question));
      }
    }
    Map<K, Optional<T>> answers = new TreeMap<>();
    new HashSet<>(nodes).forEach(node -> answers.put(node, Optional.empty()));
    long end = System.nanoTime() + patience.toNanos();
    asked.forEach((node, answer) -> answers.put(node, await(answer, end - System.nanoTime())));
    return answers;
  }

  /** Whether an answer is owed, so that the question is not put again. */
  boolean isOwed(K node) {
    return owing.contains(node);
  }

  private <T> Future<T> submit(K node, Function<K, T> question) {
    try {
      return threads.submit(
          () -> {
            try {
              return question.apply(node);
            } finally {
              owing.remove(node);
            }
          });
    } catch (RejectedExecutionException ending) {
      owing.remove(node);
      throw new CancellationException("the threads are ending");
    }
  }

  /**
   * The answer of the first of the nodes that gives one, each asked for no longer than the
   * patience: a node that fell silent a moment ago is passed over.
   *
   * @throws ProxmoxFailure of the last node, or the first that would not pass at another node
   */
  <T> T first(List<K> nodes, Duration patience, Function<K, T> question) {
    ProxmoxFailure trouble = new ProxmoxFailure.Unreachable("no member answered in time");
    for (K node : nodes) {
      try {
        Optional<T> answer = ask(List.of(node), patience, question).get(node);
        if (answer.isPresent()) {
          return answer.get();
        }
      } catch (ProxmoxFailure failure) {
        if (!failure.mayPass()) {
          throw failure;
        }
        trouble = failure;
      }
    }
    throw trouble;
  }

  private static <T> Optional<T> await(Future<T> answer, long nanos) {
    try {
      return Optional.of(answer.get(Math.max(0, nanos), TimeUnit.NANOSECONDS));
    } catch (TimeoutException late) {
      return Optional.empty();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException) {
        throw (RuntimeException) failed.getCause();
      }
      throw new IllegalStateException(failed.getCause());
    } catch (InterruptedException interrupted) {
      // Not an answer: nothing may be concluded about the node.
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }
}
