package io.pveha.core.move;

import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.NodeName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that decides about moves, at one moment.
 *
 * @param obstacle why nothing may be done now: no quorum, members that contradict each other
 * @param at when it was asked for
 */
public record MoveView(
    Optional<String> obstacle,
    Instant at,
    SortedMap<NodeName, Node> nodes,
    List<Guest> guests,
    Settings settings) {

  public MoveView {
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    guests = List.copyOf(guests);
  }

  Optional<Node> node(NodeName name) {
    return Optional.ofNullable(nodes.get(name));
  }

  Optional<Guest> guest(GuestId id) {
    return guests.stream().filter(guest -> guest.id().equals(id)).findFirst();
  }

  /**
   * What the spec says.
   *
   * @param paused why nothing is done by itself now: paused, or many nodes failed at once
   * @param healthyDelay how long a node must be well before guests return
   * @param moveUnmanaged whether guests outside HA are moved too
   */
  public record Settings(
      int maxConcurrent, Duration healthyDelay, boolean moveUnmanaged, Optional<String> paused) {

    public static final Settings DEFAULT =
        new Settings(2, Duration.ofMinutes(5), false, Optional.empty());
  }

  /**
   * A member.
   *
   * @param inProxmoxMaintenance emptied by Proxmox HA itself, which also brings its guests back
   * @param emptied why it is to be emptied by us; empty when it is not
   * @param keptAway why it takes no new guests, in words; empty when it does
   * @param storages ids of storage entries that are active there; empty when unknown
   * @param memoryBytes in all; empty when unknown
   * @param healthySince since when all is well there; empty when it is not, or when that is unknown
   */
  public record Node(
      NodeName name,
      Belief online,
      boolean inProxmoxMaintenance,
      Optional<MoveCause> emptied,
      Optional<String> keptAway,
      Optional<Set<String>> storages,
      Optional<Long> memoryBytes,
      Optional<Instant> healthySince) {}

  /**
   * A guest.
   *
   * @param haState Proxmox HA's state of it; empty for a guest outside HA
   * @param started whether HA confirmed its start, or it is not to be started
   * @param headedTo where Proxmox HA is moving it now
   * @param memoryBytes as configured; 0 when unknown
   * @param storages ids of storage entries of one node that hold its disks; empty when unknown
   * @param replicas by the node that they are on
   * @param allowed the only nodes where it may run; empty when it may run on all
   * @param together guests that run where it runs
   * @param apart guests that run elsewhere
   * @param urgency lower goes first
   * @param leftAlone why it is not for us to move, in words
   * @param request what its owner asks for
   * @param homing how it goes home by itself
   */
  public record Guest(
      GuestId id,
      NodeName node,
      boolean running,
      Optional<String> haState,
      boolean started,
      Optional<NodeName> headedTo,
      long memoryBytes,
      Optional<Set<String>> storages,
      SortedMap<NodeName, Replica> replicas,
      Optional<Set<NodeName>> allowed,
      Set<GuestId> together,
      Set<GuestId> apart,
      long urgency,
      Optional<String> leftAlone,
      Optional<Request> request,
      Optional<Homing> homing) {

    private static final Set<String> SETTLED = Set.of("started", "stopped");
    private static final Set<String> ON_ITS_WAY = Set.of("migrate", "relocate");

    /** Most urgent first; those under HA, and those that run, before others. */
    static final Comparator<Guest> ORDER =
        Comparator.comparing((Guest guest) -> guest.haState().isEmpty())
            .thenComparing(guest -> !guest.running())
            .thenComparing(Guest::urgency)
            .thenComparing(Guest::id);

    public Guest {
      replicas = Collections.unmodifiableSortedMap(new TreeMap<>(replicas));
    }

    boolean isManaged() {
      return haState.isPresent();
    }

    boolean isSettled() {
      return haState.map(SETTLED::contains).orElse(true);
    }

    boolean isOnItsWay() {
      return haState.filter(ON_ITS_WAY::contains).isPresent();
    }

    /** Memory that it takes where it is, and will take where it goes. */
    long neededMemory() {
      boolean rests = haState.map("stopped"::equals).orElse(true);
      return running || !rests ? memoryBytes : 0;
    }
  }

  /**
   * A replica, as the node of the guest tells.
   *
   * @param lastSync start of the last good run; empty when unknown
   * @param lastTry start of the last run, that under way too; empty when it runs at the scheduler's
   *     next look anyway
   * @param failing whether its last run failed
   */
  public record Replica(
      String job,
      Optional<Instant> lastSync,
      Optional<Instant> lastTry,
      boolean running,
      boolean failing,
      boolean disabled) {

    /** Start of the latest run that is known. */
    Optional<Instant> latestStart() {
      return lastTry
          .filter(tried -> lastSync.filter(synced -> synced.isAfter(tried)).isEmpty())
          .or(() -> lastSync);
    }

    boolean hasSyncedAfter(Optional<Instant> start) {
      return lastSync.filter(synced -> start.filter(s -> !synced.isAfter(s)).isEmpty()).isPresent();
    }

    boolean hasFailedAfter(Optional<Instant> start) {
      return failing
          && !running
          && lastTry.filter(tried -> start.filter(s -> !tried.isAfter(s)).isEmpty()).isPresent();
    }
  }

  /** A move that the owner asks for, by name of a node, which may be wrong. */
  public record Request(String to, Instant at) {}

  /**
   * How a guest goes home by itself.
   *
   * @param delay how long home must be well first
   * @param freshness how old the replica there may be
   */
  public record Homing(
      NodeName home, Duration delay, Optional<TimeWindow> window, Duration freshness) {}

  /**
   * All that Proxmox HA moves together with it, and itself, in the order of {@link Guest#ORDER}.
   * One outside HA is alone.
   */
  List<Guest> party(Guest guest) {
    if (!guest.isManaged() || guest.together().isEmpty()) {
      return List.of(guest);
    }
    Map<GuestId, Guest> party = new TreeMap<>();
    Deque<Guest> toLookAt = new ArrayDeque<>(List.of(guest));
    while (!toLookAt.isEmpty()) {
      Guest next = toLookAt.pop();
      if (party.put(next.id(), next) == null) {
        next.together().stream()
            .flatMap(id -> guest(id).stream())
            .filter(Guest::isManaged)
            .forEach(toLookAt::push);
      }
    }
    return party.values().stream().sorted(Guest.ORDER).toList();
  }

  /** Guests by their nodes. */
  Map<NodeName, Long> load() {
    Map<NodeName, Long> load = new TreeMap<>();
    guests.forEach(guest -> load.merge(guest.node(), 1L, Long::sum));
    return load;
  }
}
