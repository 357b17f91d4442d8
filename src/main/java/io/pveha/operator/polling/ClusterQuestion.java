package io.pveha.operator.polling;

import io.pveha.core.cluster.NodeName;
import io.pveha.proxmox.ProxmoxFailure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/**
 * One question about the whole cluster, and what members answered last, each with the time at which
 * it was asked. An answer that comes late counts as what it is.
 */
final class ClusterQuestion<T> {

  private record Answer<T>(Instant at, T value) {}

  /**
   * What is known by all answers that count.
   *
   * @param at when the older of them was asked for
   */
  record Known<T>(T value, Instant at, int members, NodeName first) {}

  private final Function<NodeName, T> question;
  private final Optional<BinaryOperator<T>> union;
  private final Duration together;
  private final Clock clock;
  private final Map<NodeName, Answer<T>> answers = new TreeMap<>();
  private final Map<NodeName, ProxmoxFailure> failures = new TreeMap<>();
  private Optional<RuntimeException> fault = Optional.empty();

  /**
   * A question.
   *
   * @param question asks a member
   * @param union of two members' lists; empty when one answer says all
   * @param together answers that are further apart are not put together
   */
  ClusterQuestion(
      Function<NodeName, T> question,
      Optional<BinaryOperator<T>> union,
      Duration together,
      Clock clock) {
    this.question = question;
    this.union = union;
    this.together = together;
    this.clock = clock;
  }

  /** Asks a member; tells whether it answered. */
  boolean ask(NodeName member) {
    Instant at = clock.instant();
    try {
      T value = question.apply(member);
      synchronized (this) {
        answers.put(member, new Answer<>(at, value));
        failures.remove(member);
        fault = Optional.empty();
      }
      return true;
    } catch (ProxmoxFailure why) {
      synchronized (this) {
        failures.put(member, why);
      }
      return false;
    } catch (java.util.concurrent.CancellationException ending) {
      throw ending;
    } catch (RuntimeException bug) {
      synchronized (this) {
        fault = Optional.of(bug);
      }
      return false;
    }
  }

  /** What is known by the answers of these; empty before the first. */
  synchronized Optional<Known<T>> known(List<NodeName> members) {
    List<NodeName> newest =
        answers.keySet().stream()
            .filter(members::contains)
            .sorted(
                Comparator.comparing((NodeName member) -> answers.get(member).at())
                    .reversed()
                    .thenComparing(members::indexOf))
            .toList();
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    NodeName first = newest.get(0);
    Answer<T> one = answers.get(first);
    if (union.isPresent() && newest.size() > 1) {
      Answer<T> other = answers.get(newest.get(1));
      if (!other.at().plus(together).isBefore(one.at())) {
        return Optional.of(
            new Known<>(union.get().apply(one.value(), other.value()), other.at(), 2, first));
      }
    }
    return Optional.of(new Known<>(one.value(), one.at(), 1, first));
  }

  /**
   * What it fails with at members; of several the one that says most, and always the same of those:
   * it ends up in a status.
   */
  synchronized Optional<ProxmoxFailure> failure() {
    return failures.entrySet().stream()
        .min(
            Comparator.comparing(
                    (Map.Entry<NodeName, ProxmoxFailure> entry) -> entry.getValue().mayPass())
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getValue);
  }

  /** A fault of the operator in the latest attempt. */
  synchronized Optional<RuntimeException> fault() {
    return fault;
  }
}
