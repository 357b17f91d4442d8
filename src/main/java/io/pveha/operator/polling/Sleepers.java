package io.pveha.operator.polling;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.pveha.proxmox.GuestCalls.Guest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The objects of one cluster, by what they read of it. */
final class Sleepers {

  /** One object. */
  record Sleeper(Watchers.Kind kind, ResourceID id) {}

  private static final Logger LOG = LoggerFactory.getLogger(Sleepers.class);

  private final Map<Sleeper, Concern> concerns = new HashMap<>();
  private final Map<ClusterKey, Set<Sleeper>> byKey = new HashMap<>();
  private final Map<Sleeper, Predicate<Guest>> selectors = new HashMap<>();

  /** From now on it is woken by this, and by what it was woken by before no more. */
  synchronized void put(Sleeper sleeper, Concern concern) {
    Concern former = concerns.put(sleeper, concern);
    if (concern.equals(former)) {
      return;
    }
    if (former != null) {
      former.keys().forEach(key -> drop(key, sleeper));
    }
    concern.keys().forEach(key -> byKey.computeIfAbsent(key, k -> new HashSet<>()).add(sleeper));
    selectors.remove(sleeper);
    concern.selector().ifPresent(selector -> selectors.put(sleeper, selector));
  }

  synchronized void remove(Sleeper sleeper) {
    Concern former = concerns.remove(sleeper);
    if (former != null) {
      former.keys().forEach(key -> drop(key, sleeper));
      selectors.remove(sleeper);
    }
  }

  private void drop(ClusterKey key, Sleeper sleeper) {
    byKey.computeIfPresent(
        key,
        (unused, all) -> {
          all.remove(sleeper);
          return all.isEmpty() ? null : all;
        });
  }

  synchronized Set<Sleeper> all() {
    return Set.copyOf(concerns.keySet());
  }

  /** Those that read anything that changed. */
  synchronized Set<Sleeper> concerned(Changes changes, Observation before, Observation now) {
    if (changes.isEverything()) {
      return all();
    }
    Set<Sleeper> concerned = new LinkedHashSet<>();
    Set<ClusterKey> keys = changes.among(byKey.keySet());
    keys.forEach(key -> concerned.addAll(byKey.getOrDefault(key, Set.of())));
    if (!selectors.isEmpty()) {
      Set<Guest> guests = guests(keys, before, now);
      selectors.forEach(
          (sleeper, selector) -> {
            if (selects(sleeper, selector, guests)) {
              concerned.add(sleeper);
            }
          });
    }
    return concerned;
  }

  /** Guests as they were and as they are, of whose replication anything changed. */
  private static Set<Guest> guests(Set<ClusterKey> keys, Observation before, Observation now) {
    return keys.stream()
        .filter(ClusterKey::isOfReplicatedGuest)
        .flatMap(
            key ->
                Stream.of(before, now)
                    .flatMap(seen -> seen.fast().stream())
                    .map(fast -> fast.guest(key.vmid()))
                    .flatMap(Optional::stream))
        .collect(Collectors.toSet());
  }

  /**
   * One that can't say which guests it selects is woken: its own reconciliation tells what is
   * wrong.
   */
  private static boolean selects(Sleeper sleeper, Predicate<Guest> selector, Set<Guest> guests) {
    try {
      return guests.stream().anyMatch(selector);
    } catch (RuntimeException bug) {
      LOG.error("{} can't say which guests it selects, and is woken", sleeper.id(), bug);
      return true;
    }
  }
}
