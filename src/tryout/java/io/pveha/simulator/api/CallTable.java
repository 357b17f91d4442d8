package io.pveha.simulator.api;

import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which code answers which call. */
public final class CallTable {

  /** Answers one call; runs with the world's lock held. */
  interface Handler {
    /** The value of {@code data}: maps, lists, texts, numbers, flags or null. */
    Object answer(Call call);
  }

  private final SortedMap<String, Handler> handlers = new TreeMap<>();

  private CallTable() {}

  /** All families. */
  public static CallTable complete() {
    CallTable table = new CallTable();
    AccessCalls.register(table);
    TokenCalls.register(table);
    ClusterCalls.register(table);
    FormationCalls.register(table);
    ResourceCalls.register(table);
    PoolCalls.register(table);
    MappingCalls.register(table);
    HaCalls.register(table);
    HaPlacementCalls.register(table);
    NodeCalls.register(table);
    TaskCalls.register(table);
    BulkCalls.register(table);
    DiskCalls.register(table);
    StorageCalls.register(table);
    ReplicationCalls.register(table);
    GuestCalls.register(table);
    GuestCreation.register(table);
    return table;
  }

  void on(String name, Handler handler) {
    if (handlers.put(name, handler) != null) {
      throw new IllegalArgumentException("twice: " + name);
    }
  }

  Handler handler(String name) {
    return handlers.get(name);
  }

  /** The names of all calls that are answered, in whichever release. */
  public Set<String> names() {
    return Collections.unmodifiableSet(handlers.keySet());
  }
}
