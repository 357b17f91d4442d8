package io.pveha.core.move;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.GuestKind;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.move.MoveStep.MoveGuest;
import io.pveha.core.move.MoveStep.ReplicateNow;
import io.pveha.core.move.MoveView.Guest;
import io.pveha.core.move.MoveView.Node;
import io.pveha.core.move.MoveView.Replica;
import io.pveha.core.move.MoveView.Request;
import io.pveha.core.move.MoveView.Settings;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.PendingStep;
import io.pveha.core.plan.StepKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Moves in a world that does what it is told after a while, or does not. */
class MovePlannerTest {

  private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");
  private static final Duration ROUND = Duration.ofSeconds(10);

  private final World world = new World();

  @Test
  void syncsFirstThenMovesOnce() {
    world.guest(100, 1);
    world.emptied.put(name(1), MoveCause.MAINTENANCE);

    world.run(30);

    assertThat(world.asked).containsExactly("replicate 100", "move 100 1 2");
    assertThat(world.memory.orders())
        .singleElement()
        .satisfies(order -> assertThat(order.phase()).isEqualTo(MovePhase.DONE));
    assertThat(world.memory.away())
        .singleElement()
        .satisfies(away -> assertThat(away.home()).isEqualTo(name(1)));
  }

  @Test
  void returnsWhatLeftForMaintenanceWhenHomeHasBeenWell() {
    world.guest(100, 1);
    world.emptied.put(name(1), MoveCause.MAINTENANCE);
    world.run(30);
    world.emptied.clear();
    world.wellSince = world.now;

    world.run(20);
    assertThat(world.at.get(100)).isEqualTo(name(2));
    world.run(40);

    assertThat(world.at.get(100)).isEqualTo(name(1));
    assertThat(world.memory.away()).isEmpty();
  }

  @Test
  void leavesAGuestThatItsOwnerMovedMeanwhile() {
    world.guest(100, 1);
    world.emptied.put(name(1), MoveCause.MAINTENANCE);
    world.run(30);
    world.at.put(100, name(3));
    world.emptied.clear();

    world.run(100);

    assertThat(world.at.get(100)).isEqualTo(name(3));
  }

  @Test
  void doesNothingWhileNobodyCanBeSure() {
    world.guest(100, 1);
    world.emptied.put(name(1), MoveCause.NODE_UNHEALTHY);
    world.obstacle = Optional.of("The cluster is not quorate.");

    world.run(50);

    assertThat(world.asked).isEmpty();
  }

  @Test
  void movesNothingOffANodeThatIsOffline() {
    world.guest(100, 1);
    world.emptied.put(name(1), MoveCause.NODE_UNHEALTHY);
    world.online.put(name(1), Belief.NO);

    world.run(50);

    assertThat(world.asked).isEmpty();
  }

  @Test
  void saysWhyAGuestWithoutReplicaStays() {
    world.guest(100, 1);
    world.replicated = false;
    world.emptied.put(name(1), MoveCause.MAINTENANCE);

    MovePlan plan = world.round();

    assertThat(plan.staying())
        .singleElement()
        .satisfies(
            guest -> {
              assertThat(guest.underWay()).isFalse();
              assertThat(guest.why()).contains("node2 has no replica of its disks");
            });
  }

  @Test
  void movesWithoutSyncOffAFailingNodeOnly() {
    world.guest(100, 1);
    world.syncs = false;
    world.emptied.put(name(1), MoveCause.MAINTENANCE);
    world.run(80);
    assertThat(world.asked).doesNotContain("move 100 1 2");

    world.emptied.put(name(1), MoveCause.NODE_UNHEALTHY);
    world.run(100);
    assertThat(world.at.get(100)).isEqualTo(name(2));
  }

  @Test
  void refusesWithASentenceAndOnce() {
    world.guest(100, 1);
    world.request = Optional.of(new Request("node9", START));

    world.run(10);

    assertThat(world.memory.orders())
        .singleElement()
        .satisfies(order -> assertThat(order.message()).isEqualTo("There is no node node9."));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  void asksForNoMoveTwiceWhenItForgetsWhatBecameOfItsRequests(int diesIn) {
    world.guest(100, 1);
    world.emptied.put(name(1), MoveCause.MAINTENANCE);
    world.dropAnswerIn = diesIn;

    world.run(60);

    assertThat(world.moved).containsEntry(100, 1);
    assertThat(world.at.get(100)).isEqualTo(name(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void keepsItsPromisesInRandomWorlds(int seed) {
    Random random = new Random(seed);
    for (int vmid = 100; vmid < 108; vmid++) {
      world.guest(vmid, 1 + random.nextInt(3));
    }
    for (int round = 0; round < 400; round++) {
      if (random.nextInt(20) == 0) {
        NodeName node = name(1 + random.nextInt(3));
        switch (random.nextInt(5)) {
          case 0 -> world.emptied.put(node, MoveCause.MAINTENANCE);
          case 1 -> world.emptied.put(node, MoveCause.NODE_UNHEALTHY);
          case 2 -> world.emptied.remove(node);
          case 3 -> world.online.put(node, Belief.values()[random.nextInt(3)]);
          default -> world.syncs = random.nextBoolean();
        }
      }
      world.round();
      assertThat(world.memory.orders().stream().filter(o -> o.phase().isUnderWay()).count())
          .as("seed %d round %d", seed, round)
          .isLessThanOrEqualTo(2);
    }
    world.emptied.clear();
    world.online.clear();
    world.syncs = true;
    world.run(400);
    assertThat(world.memory.orders()).as("seed %d", seed).noneMatch(MoveOrder::isActive);
  }

  private static NodeName name(int number) {
    return new NodeName("node" + number);
  }

  /** Three nodes; what is asked comes true two rounds later. */
  private static final class World {
    Instant now = START;
    Instant wellSince = START;
    MoveMemory memory = MoveMemory.EMPTY;
    List<PendingStep> pending = List.of();
    final Map<Integer, NodeName> at = new TreeMap<>();
    final Map<Integer, Instant> synced = new HashMap<>();
    final Map<Integer, Integer> syncDue = new HashMap<>();
    final Map<Integer, NodeName> goingTo = new HashMap<>();
    final Map<Integer, Integer> arrives = new HashMap<>();
    final Map<Integer, Integer> moved = new HashMap<>();
    final Map<NodeName, MoveCause> emptied = new HashMap<>();
    final Map<NodeName, Belief> online = new HashMap<>();
    final List<String> asked = new ArrayList<>();
    Optional<Request> request = Optional.empty();
    Optional<String> obstacle = Optional.empty();
    boolean replicated = true;
    boolean syncs = true;
    int dropAnswerIn = -1;
    int rounds;

    void guest(int vmid, int node) {
      at.put(vmid, name(node));
      synced.put(vmid, START.minusSeconds(60));
    }

    void run(int howMany) {
      for (int i = 0; i < howMany; i++) {
        round();
      }
    }

    MovePlan round() {
      advance();
      MovePlan plan = MovePlanner.plan(view(), memory, new Memory(pending, Map.of()), now);
      memory = plan.memory();
      List<PendingStep> saved = new ArrayList<>(plan.plan().pending());
      for (MoveStep step : plan.plan().now()) {
        StepKey key = step.key();
        int attempt = plan.plan().attempt(step, new Memory(pending, Map.of()));
        saved.add(
            new PendingStep(
                key, Optional.empty(), Optional.empty(), now, now.plus(step.patience()), attempt));
        if (rounds != dropAnswerIn) {
          take(step);
        }
      }
      pending = saved;
      return plan;
    }

    private void take(MoveStep step) {
      if (step instanceof ReplicateNow sync) {
        asked.add("replicate " + sync.guest().vmid());
        syncDue.put(sync.guest().vmid(), rounds + 2);
      } else if (step instanceof MoveGuest move) {
        int vmid = move.guest().vmid();
        asked.add(
            "move %d %s %s"
                .formatted(vmid, move.from().value().substring(4), move.to().value().substring(4)));
        assertThat(at.get(vmid)).isEqualTo(move.from());
        assertThat(online.getOrDefault(move.to(), Belief.YES)).isEqualTo(Belief.YES);
        assertThat(online.getOrDefault(move.from(), Belief.YES)).isEqualTo(Belief.YES);
        assertThat(emptied).doesNotContainKey(move.to());
        assertThat(goingTo).doesNotContainKey(vmid);
        moved.merge(vmid, 1, Integer::sum);
        goingTo.put(vmid, move.to());
        arrives.put(vmid, rounds + 3);
      }
    }

    private void advance() {
      now = now.plus(ROUND);
      rounds++;
      for (int vmid : at.keySet()) {
        if (syncs && syncDue.getOrDefault(vmid, Integer.MAX_VALUE) <= rounds) {
          synced.put(vmid, now);
          syncDue.remove(vmid);
        }
        if (arrives.getOrDefault(vmid, Integer.MAX_VALUE) <= rounds) {
          at.put(vmid, goingTo.remove(vmid));
          arrives.remove(vmid);
        }
      }
    }

    private MoveView view() {
      SortedMap<NodeName, Node> nodes = new TreeMap<>();
      for (int number = 1; number <= 3; number++) {
        NodeName node = name(number);
        nodes.put(
            node,
            new Node(
                node,
                online.getOrDefault(node, Belief.YES),
                false,
                Optional.ofNullable(emptied.get(node)),
                emptied.containsKey(node) ? Optional.of("it is emptied") : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(wellSince)));
      }
      return new MoveView(
          obstacle, now, nodes, at.keySet().stream().map(this::guest).toList(), Settings.DEFAULT);
    }

    private Guest guest(int vmid) {
      SortedMap<NodeName, Replica> replicas = new TreeMap<>();
      if (replicated) {
        for (int number = 1; number <= 3; number++) {
          if (!name(number).equals(at.get(vmid))) {
            Optional<Instant> sync = Optional.of(synced.get(vmid));
            replicas.put(
                name(number), new Replica(vmid + "-" + number, sync, sync, false, false, false));
          }
        }
      }
      return new Guest(
          new GuestId(GuestKind.CT, vmid),
          at.get(vmid),
          true,
          Optional.of(goingTo.containsKey(vmid) ? "relocate" : "started"),
          true,
          Optional.ofNullable(goingTo.get(vmid)),
          0,
          Optional.of(Set.of("tank")),
          replicas,
          Optional.empty(),
          Set.of(),
          Set.of(),
          0,
          Optional.empty(),
          request,
          Optional.empty());
    }
  }
}
