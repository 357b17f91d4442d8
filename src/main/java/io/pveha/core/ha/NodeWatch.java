package io.pveha.core.ha;

import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.ha.HaEvent.Level;
import io.pveha.core.ha.LrmStatus.LrmMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The states of nodes: who is here, who is away for how long, who must be fenced. */
final class NodeWatch {

  private final ManagerMemory memory;
  private final HaEnvironment world;
  private final HaTimings timings;
  private final Map<String, Instant> lastSeen = new HashMap<>();

  NodeWatch(ManagerMemory memory, HaEnvironment world, HaTimings timings) {
    this.memory = memory;
    this.world = world;
    this.timings = timings;
  }

  /** Takes over what the cluster says of its members. */
  void update(ClusterMembers members, Function<String, LrmMode> lrmMode, Instant now) {
    for (String node : members.online()) {
      lastSeen.put(node, now);
      NodeState state = memory.nodeState(node);
      boolean maintained = lrmMode.apply(node) == LrmMode.MAINTENANCE;
      switch (state) {
        case ONLINE -> {
          if (maintained) {
            set(node, NodeState.MAINTENANCE);
          }
        }
        case MAINTENANCE -> {
          if (!maintained) {
            set(node, NodeState.ONLINE);
          }
        }
        case UNKNOWN, GONE -> set(node, NodeState.ONLINE);
        case FENCE -> {} // comes back through unknown, once it is fenced
      }
    }
    for (String node : new ArrayList<>(memory.nodes.keySet())) {
      if (!members.online().contains(node)) {
        missing(node, members, lrmMode, now);
      }
    }
  }

  private void missing(
      String node, ClusterMembers members, Function<String, LrmMode> lrmMode, Instant now) {
    switch (memory.nodeState(node)) {
      case ONLINE -> set(node, NodeState.UNKNOWN);
      case MAINTENANCE -> {
        if (lrmMode.apply(node) != LrmMode.MAINTENANCE) {
          set(node, NodeState.UNKNOWN);
        }
      }
      case UNKNOWN -> {
        if (!members.known().contains(node)) {
          set(node, NodeState.GONE);
        }
      }
      case GONE -> {
        if (isDown(node, timings.goneAfter(), now)) {
          memory.nodes.remove(node);
          say(HaEvent.of(Level.NOTICE, Kind.NODE_DELETED, "node", node));
        }
      }
      case FENCE -> {} // leaves by being fenced
    }
  }

  /** Whether a node has been away for the fence delay. */
  boolean isDown(String node, Instant now) {
    return isDown(node, timings.fenceDelay(), now);
  }

  /** A master that does not know how long a node has been away begins to count now. */
  private boolean isDown(String node, Duration delay, Instant now) {
    if (memory.nodeState(node) == NodeState.ONLINE) {
      return false;
    }
    Instant seen = lastSeen.putIfAbsent(node, now);
    return seen != null && Duration.between(seen, now).compareTo(delay) >= 0;
  }

  /** Tries to prove a node dead by taking the lock that it can no longer renew. */
  boolean fence(String node) {
    if (memory.nodeState(node) != NodeState.FENCE) {
      set(node, NodeState.FENCE);
      notice(node, "begin");
    }
    HaLock lock = HaLock.agentOf(node);
    LockGrant grant = world.lock(lock);
    if (!grant.isGranted()) {
      return false;
    }
    if (grant == LockGrant.TAKEN) {
      say(HaEvent.info(Kind.LOCK, "node", node, "name", "agent"));
    }
    say(HaEvent.info(Kind.FENCE_ACK, "node", node));
    set(node, NodeState.UNKNOWN);
    notice(node, "done");
    return true;
  }

  void fencedWithoutNeed(String node) {
    say(
        HaEvent.of(
            Level.NOTICE, Kind.FENCE_UNEXPECTED, "node", node, "reason", "noServiceToFence"));
  }

  /** Nodes that services can be placed on. */
  SortedSet<String> online() {
    SortedSet<String> online = new TreeSet<>();
    memory.nodes.forEach(
        (node, state) -> {
          if (state == NodeState.ONLINE) {
            online.add(node);
          }
        });
    return online;
  }

  /** Node to state, for walking while states change. */
  SortedMap<String, NodeState> all() {
    return new TreeMap<>(memory.nodes);
  }

  List<String> in(NodeState state) {
    return memory.nodes.keySet().stream().filter(n -> memory.nodeState(n) == state).toList();
  }

  private void set(String node, NodeState state) {
    NodeState old = memory.nodeState(node);
    memory.nodes.put(node, state);
    say(HaEvent.info(Kind.NODE_STATE, "node", node, "from", old.word(), "to", state.word()));
  }

  private void notice(String node, String phase) {
    say(HaEvent.of(Level.EMAIL, Kind.FENCE_NOTICE, "node", node, "phase", phase));
  }

  private void say(HaEvent event) {
    world.emit(HaDaemon.CRM, event);
  }
}
