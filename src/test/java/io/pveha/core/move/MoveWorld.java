package io.pveha.core.move;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.MovePhase;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.GuestKind;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.move.MoveStep.MoveGuest;
import io.pveha.core.move.MoveStep.ReplicateNow;
import io.pveha.core.move.MoveView.Guest;
import io.pveha.core.move.MoveView.Homing;
import io.pveha.core.move.MoveView.Node;
import io.pveha.core.move.MoveView.Replica;
import io.pveha.core.move.MoveView.Request;
import io.pveha.core.move.MoveView.Settings;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Outcome;
import io.pveha.core.plan.PendingStep;
import io.pveha.core.plan.StepKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Three nodes whose Proxmox does what it is asked two or three rounds later, and no more than that.
 * Where a move is asked it checks all that must never happen.
 */
final class MoveWorld {

  static final Instant START = Instant.parse("2026-01-05T08:00:00Z");
  static final Duration ROUND = Duration.ofSeconds(10);
  static final long GIB = 1L << 30;
  static final int NODES = 3;

  /** A guest as it is. */
  static final class Resident {
    final GuestId id;
    NodeName at;
    NodeName goingTo;
    int arrives;
    int syncDue = Integer.MAX_VALUE;
    int syncTakes = 2;
    boolean managed = true;
    boolean running = true;
    boolean syncs = true;
    boolean syncFails;
    Instant synced = START.minusSeconds(60);
    Instant tried = START.minusSeconds(60);
    long memory;
    long urgency;
    Set<NodeName> replicas;
    Homing homing;
    Request request;
    String leftAlone;
    NodeName leftForMaintenance;
    int moved;

    Resident(GuestId id, NodeName at) {
      this.id = id;
      this.at = at;
    }

    long memoryOn(NodeName node) {
      return running && (at.equals(node) || node.equals(goingTo)) ? memory : 0;
    }
  }

  Instant now = START;
  Instant wellSince = START;
  MoveMemory memory = MoveMemory.EMPTY;
  List<PendingStep> pending = List.of();
  final Map<Integer, Resident> guests = new TreeMap<>();
  final List<Set<Integer>> together = new ArrayList<>();
  final List<Set<Integer>> apart = new ArrayList<>();
  final Map<NodeName, MoveCause> emptied = new HashMap<>();
  final Map<NodeName, Belief> online = new HashMap<>();
  final Map<NodeName, Long> capacity = new HashMap<>();
  final Set<NodeName> proxmoxMaintenance = new HashSet<>();
  final List<String> asked = new ArrayList<>();
  Optional<String> obstacle = Optional.empty();
  Optional<String> still = Optional.empty();
  boolean moveUnmanaged;
  boolean replicated = true;
  boolean syncs = true;
  int maxConcurrent = 2;
  int dropAnswerIn = -1;
  int ignoreMovesUntil;
  int rounds;

  static NodeName name(int number) {
    return new NodeName("node" + number);
  }

  Resident guest(int vmid, int node) {
    return guest(GuestKind.CT, vmid, node);
  }

  Resident guest(GuestKind kind, int vmid, int node) {
    Resident guest = new Resident(new GuestId(kind, vmid), name(node));
    guests.put(vmid, guest);
    return guest;
  }

  void together(Integer... vmids) {
    together.add(new TreeSet<>(List.of(vmids)));
  }

  void apart(Integer... vmids) {
    apart.add(new TreeSet<>(List.of(vmids)));
  }

  NodeName at(int vmid) {
    return guests.get(vmid).at;
  }

  MovePlan run(int howMany) {
    MovePlan plan = null;
    for (int i = 0; i < howMany; i++) {
      plan = round();
    }
    return plan;
  }

  MovePlan round() {
    advance();
    Memory known = new Memory(pending, outcomes());
    MovePlan plan = MovePlanner.plan(view(), memory, known, now);
    memory = plan.memory();
    List<PendingStep> saved = new ArrayList<>(plan.plan().pending());
    for (MoveStep step : plan.plan().now()) {
      saved.add(
          new PendingStep(
              step.key(),
              Optional.empty(),
              Optional.empty(),
              now,
              now.plus(step.patience()),
              plan.plan().attempt(step, known)));
      if (rounds != dropAnswerIn) {
        take(step);
      }
    }
    pending = saved;
    assertThat(plan.staying()).allSatisfy(each -> assertThat(each.why()).isNotBlank());
    assertThat(isWithinLimit()).as("under way in round %d: %s", rounds, memory.orders()).isTrue();
    return plan;
  }

  /** So many at once; or one party, which can't be parted. */
  private boolean isWithinLimit() {
    List<Integer> underWay =
        memory.orders().stream()
            .filter(order -> order.phase().isUnderWay())
            .map(order -> order.guest().vmid())
            .toList();
    return underWay.size() <= maxConcurrent || party(underWay.get(0)).containsAll(underWay);
  }

  /** Those of HA that run together with it, and itself. */
  Set<Integer> party(int vmid) {
    Set<Integer> party = new TreeSet<>(Set.of(vmid));
    boolean grows = guests.get(vmid).managed;
    while (grows) {
      grows = false;
      for (Set<Integer> rule : together) {
        if (rule.stream().anyMatch(party::contains)) {
          for (int mate : rule) {
            grows |= guests.containsKey(mate) && guests.get(mate).managed && party.add(mate);
          }
        }
      }
    }
    return party;
  }

  private void take(MoveStep step) {
    Resident guest = guests.get(step instanceof ReplicateNow sync ? sync.guest().vmid() : -1);
    if (guest != null) {
      asked.add("replicate " + guest.id.vmid());
      guest.syncDue = Math.min(guest.syncDue, rounds + guest.syncTakes);
    } else if (step instanceof MoveGuest move) {
      move(move);
    }
  }

  private void move(MoveGuest move) {
    Resident guest = guests.get(move.guest().vmid());
    NodeName to = move.to();
    asked.add("move %d %s %s".formatted(guest.id.vmid(), number(move.from()), number(to)));
    if (rounds < ignoreMovesUntil) {
      return;
    }
    assertThat(guest.at).isEqualTo(move.from());
    assertThat(online.getOrDefault(to, Belief.YES)).as("target").isEqualTo(Belief.YES);
    assertThat(online.getOrDefault(move.from(), Belief.YES)).as("source").isEqualTo(Belief.YES);
    assertThat(emptied).doesNotContainKey(to);
    assertThat(proxmoxMaintenance).doesNotContain(to);
    assertThat(move.managed()).isEqualTo(guest.managed);
    assertThat(guest.managed || moveUnmanaged || guest.request != null).isTrue();
    List<Resident> travellers =
        party(guest.id.vmid()).stream()
            .map(guests::get)
            .filter(mate -> !mate.at.equals(to))
            .toList();
    travellers.forEach(mate -> begins(mate, to));
    if (capacity.containsKey(to)) {
      assertThat(guests.values().stream().mapToLong(other -> other.memoryOn(to)).sum())
          .as("memory on %s in round %d", to, rounds)
          .isLessThanOrEqualTo(capacity.get(to));
    }
  }

  private void begins(Resident guest, NodeName to) {
    int vmid = guest.id.vmid();
    assertThat(guest.goingTo).as("%d is on its way", vmid).isNull();
    MoveOrder order =
        memory.orders().stream()
            .filter(each -> each.guest().equals(guest.id) && each.phase() == MovePhase.MOVING)
            .findFirst()
            .orElseThrow(() -> new AssertionError(vmid + " goes along without an order"));
    assertThat(order.to()).contains(to);
    assertThat(guest.leftAlone).isNull();
    boolean replica = guest.replicas == null || guest.replicas.contains(to);
    assertThat(replica).as("%d has a replica on %s", vmid, to).isTrue();
    if (order.cause() != MoveCause.NODE_UNHEALTHY) {
      assertThat(guest.synced).as("sync of %d", vmid).isAfter(order.startedAt().minus(ROUND));
    }
    for (Set<Integer> rule : apart) {
      if (rule.contains(vmid)) {
        assertThat(guests.values())
            .as("apart from %d on %s", vmid, to)
            .noneMatch(
                other ->
                    other != guest
                        && rule.contains(other.id.vmid())
                        && (other.at.equals(to) || to.equals(other.goingTo)));
      }
    }
    guest.moved++;
    goes(guest, to);
  }

  void goes(Resident guest, NodeName to) {
    guest.goingTo = to;
    guest.arrives = rounds + 3;
  }

  private static String number(NodeName node) {
    return node.value().substring(4);
  }

  private void advance() {
    now = now.plus(ROUND);
    rounds++;
    guests.values().forEach(this::advance);
  }

  private void advance(Resident guest) {
    if (guest.syncDue <= rounds && guest.syncFails) {
      guest.tried = now;
      guest.syncDue = Integer.MAX_VALUE;
    } else if (guest.syncDue <= rounds && syncs && guest.syncs) {
      guest.synced = now;
      guest.tried = now;
      guest.syncDue = Integer.MAX_VALUE;
    }
    if (guest.goingTo != null && guest.arrives <= rounds) {
      boolean there = online.getOrDefault(guest.goingTo, Belief.YES) == Belief.YES;
      boolean leaves = online.getOrDefault(guest.at, Belief.YES) == Belief.YES;
      guest.at = there && leaves ? guest.goingTo : guest.at;
      guest.goingTo = null;
    }
    if (guest.managed && guest.goingTo == null) {
      maintain(guest);
    }
  }

  /** What Proxmox HA does by itself about its own maintenance mode. */
  private void maintain(Resident guest) {
    if (proxmoxMaintenance.contains(guest.at)) {
      Set<NodeName> taken = new HashSet<>(proxmoxMaintenance);
      online.forEach((node, belief) -> taken.addAll(belief.isYes() ? Set.of() : Set.of(node)));
      for (int number = 1; number <= NODES; number++) {
        if (!taken.contains(name(number)) && guest.goingTo == null) {
          guest.leftForMaintenance = guest.at;
          goes(guest, name(number));
        }
      }
    } else if (guest.leftForMaintenance != null
        && !proxmoxMaintenance.contains(guest.leftForMaintenance)) {
      if (!guest.at.equals(guest.leftForMaintenance)) {
        goes(guest, guest.leftForMaintenance);
      }
      guest.leftForMaintenance = null;
    }
  }

  private Map<StepKey, Outcome> outcomes() {
    Map<StepKey, Outcome> outcomes = new HashMap<>();
    for (MoveOrder order : memory.orders()) {
      Resident guest = guests.get(order.guest().vmid());
      if (guest != null && !guest.managed && guest.goingTo != null) {
        pending.stream()
            .map(PendingStep::key)
            .filter(key -> key.subject().equals(order.id()))
            .forEach(key -> outcomes.put(key, Outcome.RUNNING));
      }
    }
    return outcomes;
  }

  MoveView view() {
    SortedMap<NodeName, Node> nodes = new TreeMap<>();
    for (int number = 1; number <= NODES; number++) {
      NodeName node = name(number);
      nodes.put(
          node,
          new Node(
              node,
              online.getOrDefault(node, Belief.YES),
              proxmoxMaintenance.contains(node),
              Optional.ofNullable(emptied.get(node)),
              emptied.containsKey(node) ? Optional.of("it is emptied") : Optional.empty(),
              Optional.empty(),
              Optional.ofNullable(capacity.get(node)),
              proxmoxMaintenance.contains(node) ? Optional.empty() : Optional.of(wellSince)));
    }
    return new MoveView(
        obstacle,
        now,
        nodes,
        guests.values().stream().map(this::guest).toList(),
        new Settings(maxConcurrent, Duration.ofMinutes(5), moveUnmanaged, still));
  }

  private Guest guest(Resident guest) {
    SortedMap<NodeName, Replica> replicas = new TreeMap<>();
    for (int number = 1; number <= NODES && replicated; number++) {
      boolean there = guest.replicas == null || guest.replicas.contains(name(number));
      if (there && !name(number).equals(guest.at)) {
        replicas.put(
            name(number),
            new Replica(
                guest.id.vmid() + "-" + number,
                Optional.of(guest.synced),
                Optional.of(guest.tried),
                false,
                guest.tried.isAfter(guest.synced),
                false));
      }
    }
    String resting = guest.running ? "started" : "stopped";
    return new Guest(
        guest.id,
        guest.at,
        guest.running,
        guest.managed
            ? Optional.of(guest.goingTo == null ? resting : "relocate")
            : Optional.empty(),
        true,
        guest.managed ? Optional.ofNullable(guest.goingTo) : Optional.empty(),
        guest.memory,
        Optional.of(Set.of("tank")),
        replicas,
        Optional.empty(),
        others(together, guest),
        others(apart, guest),
        guest.urgency,
        Optional.ofNullable(guest.leftAlone),
        Optional.ofNullable(guest.request),
        Optional.ofNullable(guest.homing));
  }

  /** Of rules, which Proxmox has only for resources of HA. */
  private Set<GuestId> others(List<Set<Integer>> rules, Resident guest) {
    Set<GuestId> others = new TreeSet<>();
    rules.stream()
        .filter(rule -> guest.managed && rule.contains(guest.id.vmid()))
        .flatMap(Collection::stream)
        .filter(vmid -> vmid != guest.id.vmid() && guests.containsKey(vmid))
        .filter(vmid -> guests.get(vmid).managed)
        .forEach(vmid -> others.add(guests.get(vmid).id));
    return others;
  }
}
