package io.pveha.operator.polling;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.operator.owner.ClusterOwners;
import io.pveha.operator.owner.OwnershipState;
import io.pveha.operator.polling.Sleepers.Sleeper;
import io.pveha.operator.seal.Seals;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The watchers of all clusters, and who is to be woken by what they see. */
public final class Watchers implements AutoCloseable {

  /** Kinds of objects that can be woken. */
  public enum Kind {
    CLUSTER,
    POOL,
    REPLICATION,
    RESOURCE
  }

  /** A first look takes that long at most; then who waits for it has to say so. */
  public static final Duration FIRST_LOOK = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);

  private final WatcherThreads threads;
  private final Pace pace;
  private final Clock clock;
  private final Map<ResourceID, ClusterWatcher> watchers = new ConcurrentHashMap<>();
  private final Map<ResourceID, ClusterWatcher> forming = new ConcurrentHashMap<>();
  private final Map<ResourceID, Sleepers> sleepers = new ConcurrentHashMap<>();
  private final Map<Sleeper, ResourceID> homes = new ConcurrentHashMap<>();
  private final Map<Kind, Consumer<ResourceID>> bells = new ConcurrentHashMap<>();
  private final Map<ResourceID, Instant> awaited = new ConcurrentHashMap<>();
  private final Map<ResourceID, ClusterAccess> kept = new ConcurrentHashMap<>();
  private final ClusterOwners owners = new ClusterOwners();
  private final Seals seals = new Seals();
  private final Predictions predictions = new Predictions();

  public Watchers(Pace pace, Clock clock) {
    this(WatcherThreads.start(), pace, clock);
  }

  /** With threads of another make, as tests have whose time is not real. */
  public Watchers(WatcherThreads threads, Pace pace, Clock clock) {
    this.threads = threads;
    this.pace = pace;
    this.clock = clock;
  }

  /** How to wake objects of a kind. */
  public void onWake(Kind kind, Consumer<ResourceID> bell) {
    bells.put(kind, bell);
  }

  /** Which ProxmoxCluster owns its Proxmox cluster. */
  public ClusterOwners owners() {
    return owners;
  }

  /** What of a status may be acted on. */
  public Seals seals() {
    return seals;
  }

  /** What would become of guests if a node died. */
  public Predictions predictions() {
    return predictions;
  }

  /** Its reconciler found how a ProxmoxCluster stands; wakes what belongs to it if that is news. */
  public void settle(ResourceID cluster, OwnershipState standing) {
    if (owners.settle(cluster, standing)) {
      ring(dependants(cluster).all());
    }
  }

  /** The watcher of a cluster, if its cluster is known. */
  public Optional<ClusterWatcher> find(ResourceID cluster) {
    return Optional.ofNullable(watchers.get(cluster));
  }

  /**
   * Whether this process has only begun to look at a cluster. Who was told about it by an operator
   * before this one does well to let that stand so long.
   */
  public boolean isFirstLook(ResourceID cluster) {
    Instant since = awaited.computeIfAbsent(cluster, unused -> clock.instant());
    boolean seen =
        find(cluster)
            .map(ClusterWatcher::observation)
            .filter(o -> o.facts().isPresent() || o.outOfSight().isPresent())
            .isPresent();
    return !seen && clock.instant().isBefore(since.plus(FIRST_LOOK));
  }

  /** The one that asks each node for itself, while a cluster is formed or grows. */
  public Optional<ClusterWatcher> findForming(ResourceID cluster) {
    return Optional.ofNullable(forming.get(cluster));
  }

  /**
   * Watches a formed cluster by this access, in place of what watched it before. What that one saw
   * is kept, with its age, so that nobody waits who could go on.
   */
  public ClusterWatcher watch(ResourceID cluster, ClusterAccess access) {
    Observation seen =
        find(cluster)
            .filter(former -> isSameCluster(former.access(), access))
            .map(ClusterWatcher::observation)
            .orElse(Observation.NONE);
    return put(watchers, cluster, access, true, seen);
  }

  /** Asks each node for itself, beside what watches the members of a cluster that grows. */
  public ClusterWatcher watchForming(ResourceID cluster, ClusterAccess access) {
    return put(forming, cluster, access, false, Observation.NONE);
  }

  /** Whether all that was seen by the former access concerns nodes that the new one reaches. */
  private static boolean isSameCluster(ClusterAccess former, ClusterAccess access) {
    return former.spec().clusterName().equals(access.spec().clusterName())
        && former.spec().nodes().stream()
            .allMatch(node -> access.spec().node(node.name()).isPresent());
  }

  private ClusterWatcher put(
      Map<ResourceID, ClusterWatcher> where,
      ResourceID cluster,
      ClusterAccess access,
      boolean formed,
      Observation seen) {
    ClusterWatcher watcher =
        new ClusterWatcher(
            cluster.toString(),
            access,
            formed,
            seen,
            threads,
            pace,
            clock,
            (before, now, tasks) -> wake(cluster, before, now, tasks));
    Optional.ofNullable(where.put(cluster, watcher)).ifPresent(ClusterWatcher::stop);
    watcher.start();
    return watcher;
  }

  /** All nodes are members. */
  public void forgetForming(ResourceID cluster) {
    Optional.ofNullable(forming.remove(cluster)).ifPresent(ClusterWatcher::stop);
  }

  /**
   * Stops looking at a cluster, since its Secrets are gone. How it was reached is kept in memory,
   * for {@link #resume}.
   */
  public void suspend(ResourceID cluster) {
    find(cluster).ifPresent(watcher -> kept.put(cluster, watcher.access()));
    stop(cluster);
  }

  /**
   * Watches a cluster as it was reached last, since its object is being deleted and the Secrets
   * went before it; empty when this process never reached it.
   */
  public Optional<ClusterWatcher> resume(ResourceID cluster) {
    return find(cluster)
        .or(() -> Optional.ofNullable(kept.get(cluster)).map(access -> watch(cluster, access)));
  }

  public void forget(ResourceID cluster) {
    kept.remove(cluster);
    stop(cluster);
  }

  private void stop(ResourceID cluster) {
    forgetForming(cluster);
    Optional.ofNullable(watchers.remove(cluster)).ifPresent(ClusterWatcher::stop);
  }

  /**
   * An object wants to be woken when one of these parts of a cluster changes. To be said before the
   * parts are read: what changes in between would be missed else.
   */
  public void concern(Kind kind, ResourceID object, ResourceID cluster, Concern concern) {
    Sleeper sleeper = new Sleeper(kind, object);
    ResourceID former = homes.put(sleeper, cluster);
    if (former != null && !former.equals(cluster)) {
      dependants(former).remove(sleeper);
    }
    dependants(cluster).put(sleeper, concern);
  }

  /** An object is gone. */
  public void unconcern(Kind kind, ResourceID object) {
    Sleeper sleeper = new Sleeper(kind, object);
    Optional.ofNullable(homes.remove(sleeper))
        .ifPresent(cluster -> dependants(cluster).remove(sleeper));
  }

  private Sleepers dependants(ResourceID cluster) {
    return sleepers.computeIfAbsent(cluster, unused -> new Sleepers());
  }

  /**
   * Wakes the objects that a change concerns; objects of other clusters are not looked at.
   *
   * @param tasks of which there is news
   */
  void wake(ResourceID cluster, Observation before, Observation now, Set<String> tasks) {
    ring(Kind.CLUSTER, cluster);
    ring(concerned(cluster, before, now, tasks));
  }

  private Set<Sleeper> concerned(
      ResourceID cluster, Observation before, Observation now, Set<String> tasks) {
    try {
      Changes changes = now.isTroublePassing() ? Changes.none() : Changes.between(before, now);
      return dependants(cluster).concerned(changes.with(tasks), before, now);
    } catch (RuntimeException bug) {
      LOG.error(
          "What changed in {} can't be told, and all that belongs to it is woken", cluster, bug);
      return dependants(cluster).all();
    }
  }

  private void ring(Set<Sleeper> woken) {
    woken.forEach(sleeper -> ring(sleeper.kind(), sleeper.id()));
  }

  /** Wakes one object; one that can't be woken keeps no other asleep. */
  public void ring(Kind kind, ResourceID id) {
    try {
      Optional.ofNullable(bells.get(kind)).ifPresent(bell -> bell.accept(id));
    } catch (RuntimeException bug) {
      LOG.error("{} {} can't be woken", kind, id, bug);
    }
  }

  /** How many clusters are watched. */
  public int count() {
    return watchers.size();
  }

  /** Whether rounds are made at all. */
  public boolean isRunning() {
    return !threads.lanes().isShutdown();
  }

  @Override
  public void close() {
    watchers.values().forEach(ClusterWatcher::stop);
    forming.values().forEach(ClusterWatcher::stop);
    watchers.clear();
    threads.close();
  }
}
