package io.pveha.simulator.machine;

import io.pveha.core.ha.HaLock;
import io.pveha.core.ha.LockGrant;
import io.pveha.simulator.config.ClusterConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The locks of the HA daemons in the cluster file system: directories that live 120 s beyond their
 * last renewal. A change of the membership makes the age of the agent locks start anew; this is why
 * a fence is acknowledged 127 to 136 s after the cut rather than 110 to 130 s.
 */
public final class ClusterLocks {

  private static final String DOCUMENT = "priv/lock";
  private static final Duration LIFE = Duration.ofSeconds(120);

  private record Held(String holder, Instant since) {}

  private ClusterLocks() {}

  public static LockGrant acquire(Machine node, HaLock lock) {
    Instant now = node.world().now();
    Held held = all(node.config()).get(lock.word());
    boolean free = held == null || Duration.between(held.since, now).compareTo(LIFE) > 0;
    if (!free && !held.holder.equals(node.name())) {
      return LockGrant.REFUSED;
    }
    node.write(null, config -> put(config, lock.word(), new Held(node.name(), now)));
    return free ? LockGrant.TAKEN : LockGrant.RENEWED;
  }

  public static boolean release(Machine node, HaLock lock) {
    Held held = all(node.config()).get(lock.word());
    if (held == null || !held.holder.equals(node.name())) {
      return false;
    }
    node.write(null, config -> put(config, lock.word(), null));
    return true;
  }

  static String holder(ClusterConfig config, HaLock lock) {
    Held held = all(config).get(lock.word());
    return held == null ? null : held.holder;
  }

  static ClusterConfig restartAgentLocks(ClusterConfig config, Instant now) {
    SortedMap<String, Held> renewed = new TreeMap<>(all(config));
    if (renewed.isEmpty()) {
      return config;
    }
    renewed.replaceAll(
        (name, held) -> name.equals(HaLock.MANAGER.word()) ? held : new Held(held.holder, now));
    return config.withDocument(DOCUMENT, Collections.unmodifiableSortedMap(renewed));
  }

  private static ClusterConfig put(ClusterConfig config, String name, Held held) {
    SortedMap<String, Held> locks = new TreeMap<>(all(config));
    if (held == null) {
      locks.remove(name);
    } else {
      locks.put(name, held);
    }
    return config.withDocument(DOCUMENT, Collections.unmodifiableSortedMap(locks));
  }

  @SuppressWarnings("unchecked")
  private static SortedMap<String, Held> all(ClusterConfig config) {
    Object locks = config.document(DOCUMENT);
    return locks == null ? Collections.emptySortedMap() : (SortedMap<String, Held>) locks;
  }
}
