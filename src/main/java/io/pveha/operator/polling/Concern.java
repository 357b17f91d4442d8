package io.pveha.operator.polling;

import io.pveha.api.v1alpha1.PendingTask;
import io.pveha.proxmox.GuestCalls.Guest;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What of a cluster an object reads.
 *
 * @param keys parts, known before anything is read
 * @param selector guests that it also reads the replication of, whichever they are; equal ones are
 *     taken for the same
 */
public record Concern(Set<ClusterKey> keys, Optional<Predicate<Guest>> selector) {

  public Concern {
    keys = Set.copyOf(keys);
  }

  /** These parts alone. */
  public static Concern of(Set<ClusterKey> keys) {
    return new Concern(keys, Optional.empty());
  }

  /** The same, and what becomes of tasks that are waited for. */
  public Concern with(List<PendingTask> tasks) {
    if (tasks.isEmpty()) {
      return this;
    }
    Set<ClusterKey> more = new HashSet<>(keys);
    tasks.stream()
        .map(PendingTask::upid)
        .filter(Objects::nonNull)
        .forEach(task -> more.add(ClusterKey.task(task)));
    return new Concern(more, selector);
  }
}
