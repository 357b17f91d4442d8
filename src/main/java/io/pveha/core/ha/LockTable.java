package io.pveha.core.ha;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The cluster's locks, with Proxmox's semantics: a lock lives as long as it is renewed, and anybody
 * may take one that was not renewed for longer than its life. One object stands for the locks of
 * the whole cluster; quorum is the caller's business.
 */
public final class LockTable {

  private record Entry(String holder, Instant stamp) {}

  private final Map<HaLock, Entry> entries = new HashMap<>();
  private final Duration life;

  public LockTable(Duration life) {
    this.life = life;
  }

  /** Takes or renews a lock for a quorate node. */
  public LockGrant lock(HaLock lock, String node, Instant now) {
    Entry entry = entries.get(lock);
    if (entry == null || isExpired(entry, now)) {
      entries.put(lock, new Entry(node, now));
      return LockGrant.TAKEN;
    }
    if (!entry.holder.equals(node)) {
      return LockGrant.REFUSED;
    }
    entries.put(lock, new Entry(node, now));
    return LockGrant.RENEWED;
  }

  /**
   * Gives a lock back for a quorate node. An expired lock is "given back" by anybody, but stays as
   * it is.
   */
  public boolean unlock(HaLock lock, String node, Instant now) {
    Entry entry = entries.get(lock);
    if (entry == null) {
      return false;
    }
    if (isExpired(entry, now)) {
      return true;
    }
    return entry.holder.equals(node) && entries.remove(lock, entry);
  }

  /** Who last took the lock, or null; it may have expired. */
  public String holder(HaLock lock) {
    Entry entry = entries.get(lock);
    return entry == null ? null : entry.holder;
  }

  private boolean isExpired(Entry entry, Instant now) {
    return Duration.between(entry.stamp, now).compareTo(life) > 0;
  }
}
