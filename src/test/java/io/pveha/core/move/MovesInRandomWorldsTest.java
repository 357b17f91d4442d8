package io.pveha.core.move;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.GuestKind;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.move.MoveView.Homing;
import io.pveha.core.move.MoveView.Request;
import io.pveha.core.move.MoveWorld.Resident;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever happens, {@link MoveWorld} finds nothing wrong with what is asked, and all ends. */
class MovesInRandomWorldsTest {

  static IntStream seeds() {
    return IntStream.rangeClosed(1, 60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void keepsItsPromises(int seed) {
    Random random = new Random(seed);
    MoveWorld world = world(random);
    for (int round = 0; round < 400; round++) {
      if (random.nextInt(12) == 0) {
        happen(world, random);
      }
      try {
        world.round();
      } catch (AssertionError wrong) {
        throw new AssertionError("seed %d round %d: %s".formatted(seed, round, world.asked), wrong);
      }
    }
    world.emptied.clear();
    world.online.clear();
    world.proxmoxMaintenance.clear();
    world.syncs = true;
    world.still = Optional.empty();
    world.obstacle = Optional.empty();
    world.guests.values().forEach(guest -> guest.request = null);
    world.run(500);
    assertThat(world.memory.orders()).as("seed %d", seed).noneMatch(MoveOrder::isActive);
    int asked = world.asked.size();
    world.run(100);
    assertThat(world.asked).as("seed %d comes to rest", seed).hasSize(asked);
  }

  private static MoveWorld world(Random random) {
    MoveWorld world = new MoveWorld();
    world.maxConcurrent = 1 + random.nextInt(3);
    world.moveUnmanaged = random.nextBoolean();
    for (int vmid = 100; vmid < 109; vmid++) {
      GuestKind kind = random.nextInt(3) == 0 ? GuestKind.VM : GuestKind.CT;
      Resident guest = world.guest(kind, vmid, 1 + random.nextInt(3));
      guest.managed = vmid < 107;
      guest.running = random.nextInt(6) > 0;
      guest.urgency = random.nextInt(3);
      guest.memory = random.nextInt(4) * MoveWorld.GIB;
      guest.syncTakes = 1 + random.nextInt(4);
      if (random.nextInt(4) == 0) {
        guest.replicas = Set.copyOf(List.of(guest.at, MoveWorld.name(1 + random.nextInt(3))));
      }
      if (random.nextInt(5) == 0) {
        Duration delay = Duration.ofMinutes(random.nextInt(5));
        guest.homing = new Homing(guest.at, delay, Optional.empty(), Duration.ofHours(9));
      }
    }
    if (random.nextInt(3) > 0) {
      world.together(100, 101);
      world.guests.get(101).at = world.at(100);
    }
    if (random.nextInt(3) == 0) {
      world.together(101, 102);
      world.guests.get(101).at = world.at(100);
      world.guests.get(102).at = world.at(100);
    }
    if (random.nextBoolean()) {
      world.apart(104, 105);
      world.guests.get(104).at = MoveWorld.name(1);
      world.guests.get(105).at = MoveWorld.name(2);
    }
    for (int number = 1; number <= MoveWorld.NODES && random.nextInt(3) > 0; number++) {
      NodeName node = MoveWorld.name(number);
      long there = world.guests.values().stream().mapToLong(guest -> guest.memoryOn(node)).sum();
      world.capacity.put(node, there + (2 + random.nextInt(6)) * MoveWorld.GIB);
    }
    return world;
  }

  private static void happen(MoveWorld world, Random random) {
    NodeName node = MoveWorld.name(1 + random.nextInt(MoveWorld.NODES));
    List<Integer> ids = List.copyOf(world.guests.keySet());
    Resident guest = world.guests.get(ids.get(random.nextInt(ids.size())));
    switch (random.nextInt(14)) {
      case 0, 1 -> world.emptied.put(node, MoveCause.MAINTENANCE);
      case 2, 3 -> world.emptied.put(node, MoveCause.NODE_UNHEALTHY);
      case 4, 5 -> world.emptied.remove(node);
      case 6 -> world.online.put(node, Belief.values()[random.nextInt(3)]);
      case 7 -> world.online.clear();
      case 8 -> world.syncs = random.nextBoolean();
      case 9 -> guest.syncFails = random.nextBoolean();
      case 10 -> {
        // HA moves nothing in such a world that it would have to ask for memory.
        if (world.capacity.isEmpty() && world.apart.isEmpty() && world.together.isEmpty()) {
          world.proxmoxMaintenance.clear();
          if (random.nextBoolean()) {
            world.proxmoxMaintenance.add(node);
          }
        }
      }
      case 11 -> world.dropAnswerIn = world.rounds + 1 + random.nextInt(3);
      case 12 ->
          world.still =
              random.nextBoolean() ? Optional.of("Paused: by its owner.") : Optional.empty();
      default -> meddle(world, guest, node, random);
    }
  }

  private static void meddle(MoveWorld world, Resident guest, NodeName node, Random random) {
    switch (random.nextInt(4)) {
      case 0 -> guest.request = new Request(node.value(), world.now);
      case 1 -> world.obstacle = Optional.of("The cluster is not quorate.");
      case 2 -> world.obstacle = Optional.empty();
      default -> {
        if (guest.goingTo == null && world.guests.size() > 7 && guest.id.vmid() > 105) {
          world.guests.remove(guest.id.vmid());
        }
      }
    }
  }
}
