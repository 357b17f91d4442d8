package io.pveha.operator.replication;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.operator.host.Claimants;
import io.pveha.operator.host.Peers;
import io.pveha.proxmox.GuestCalls.Guest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which ReplicationJob has the say over a guest that several mean: the older of those that are not
 * being deleted.
 */
final class Claims {

  private static final String BY_GUEST = "guest";
  private static final String SELECTORS = "selectors";
  private static final Comparator<ReplicationJob> STRONGER = Comparator.comparing(Claimants::of);

  private final ReplicationJob self;
  private final List<ReplicationJob> selectors;
  private final Map<Integer, List<ReplicationJob>> byGuest = new HashMap<>();
  private final List<ReplicationJob> rivals;

  private Claims(ReplicationJob self, List<ReplicationJob> rivals) {
    this.self = self;
    this.rivals = rivals;
    this.selectors = rivals.stream().filter(other -> other.getSpec().guest() == null).toList();
    rivals.stream()
        .filter(other -> other.getSpec().guest() != null)
        .forEach(
            other ->
                byGuest
                    .computeIfAbsent(other.getSpec().guest().vmid(), unused -> new ArrayList<>(1))
                    .add(other));
  }

  /** Has the cache find those that mean a guest. */
  static void index(IndexerResourceCache<ReplicationJob> cache) {
    cache.addIndexers(
        Map.of(
            BY_GUEST,
            job ->
                job.getSpec().guest() == null
                    ? List.of()
                    : List.of(key(job, job.getSpec().guest().vmid())),
            SELECTORS,
            job -> job.getSpec().guest() == null ? List.of(key(job)) : List.of()));
  }

  private static String key(ReplicationJob job, Object... more) {
    return Peers.key(job, job.getSpec().clusterRef(), more);
  }

  /** Those of the others of the same cluster that may mean a guest that this one means. */
  static Claims of(ReplicationJob self, Context<ReplicationJob> context) {
    var cache = context.getPrimaryCache();
    Stream<ReplicationJob> others =
        self.getSpec().guest() == null
            ? Peers.of(self, self.getSpec().clusterRef(), cache).stream()
            : Stream.concat(
                cache.byIndex(BY_GUEST, key(self, self.getSpec().guest().vmid())).stream(),
                cache.byIndex(SELECTORS, key(self)).stream());
    return new Claims(
        self, others.filter(other -> !name(other).equals(name(self))).sorted(STRONGER).toList());
  }

  /** Those that may mean a guest, the stronger first. */
  private Stream<ReplicationJob> rivals(Guest guest) {
    List<ReplicationJob> named = byGuest.getOrDefault(guest.id().vmid(), List.of());
    Stream<ReplicationJob> all = Stream.concat(named.stream(), selectors.stream());
    return (named.isEmpty() ? all : all.sorted(STRONGER))
        .filter(other -> ReplicationFactsReader.isMeant(other.getSpec(), guest));
  }

  /** Who has the say over a guest that is meant here too; empty when this one has. */
  Optional<ReplicationJob> stronger(Guest guest) {
    return rivals(guest).filter(other -> STRONGER.compare(other, self) < 0).findFirst();
  }

  /** Whether another one that stays wants the guest's jobs, so that they are not to be removed. */
  boolean isWantedElsewhere(Guest guest) {
    return rivals(guest).anyMatch(other -> !other.isMarkedForDeletion());
  }

  /** Whether the same others mean the same guests: none came, went, or changed its spec. */
  boolean isSame(Claims then) {
    return rivals.stream()
        .map(Claims::version)
        .toList()
        .equals(then.rivals.stream().map(Claims::version).toList());
  }

  private record Version(String uid, boolean leaving, Long generation) {}

  private static Version version(ReplicationJob job) {
    return new Version(
        job.getMetadata().getUid(), job.isMarkedForDeletion(), job.getMetadata().getGeneration());
  }

  /** How a message names one: {@code namespace/name}. */
  static String id(ReplicationJob job) {
    return Claimants.of(job).id();
  }

  private static String name(ReplicationJob job) {
    return job.getMetadata().getName();
  }
}
