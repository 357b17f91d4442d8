package io.pveha.core.move;

import static io.pveha.core.move.MoveWorld.GIB;
import static io.pveha.core.move.MoveWorld.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.cluster.Belief;
import io.pveha.core.move.MoveView.Homing;
import io.pveha.core.move.MoveView.Request;
import io.pveha.core.move.MoveWorld.Resident;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What limits moves: places, memory, policies, an admin's own maintenance, and changes midway. */
class MovesUnderConditionsTest {

  private final MoveWorld world = new MoveWorld();

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void movesSoManyAtOnceAndTheMostUrgentFirst(int places) {
    world.maxConcurrent = places;
    for (int vmid = 100; vmid < 106; vmid++) {
      world.guest(vmid, 1).urgency = 106 - vmid;
    }
    world.emptied.put(name(1), MoveCause.MAINTENANCE);

    int most = 0;
    for (int round = 0; round < 100; round++) {
      world.round();
      long now = world.memory.orders().stream().filter(o -> o.phase().isUnderWay()).count();
      most = Math.max(most, (int) now);
    }

    assertThat(most).isEqualTo(places);
    assertThat(world.asked.stream().filter(what -> what.startsWith("replicate")))
        .containsExactly(
            "replicate 105",
            "replicate 104",
            "replicate 103",
            "replicate 102",
            "replicate 101",
            "replicate 100");
    assertThat(world.guests.values()).allMatch(guest -> guest.moved == 1);
  }

  @Test
  void promisesMemoryOnceOnly() {
    world.maxConcurrent = 3;
    for (int vmid = 100; vmid < 103; vmid++) {
      world.guest(vmid, 1).memory = 2 * GIB;
    }
    world.guest(103, 2).memory = GIB;
    world.capacity.put(name(2), 5 * GIB);
    world.capacity.put(name(3), GIB);
    world.emptied.put(name(1), MoveCause.MAINTENANCE);

    MovePlan plan = world.run(40);

    assertThat(world.at(100)).isEqualTo(name(2));
    assertThat(world.at(101)).isEqualTo(name(2));
    assertThat(plan.staying())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.underWay()).isFalse();
              assertThat(each.why())
                  .contains("node2 has 0 MiB of memory left, and 2048 MiB are needed.")
                  .contains("node3 has 1024 MiB of memory left, and 2048 MiB are needed.");
            });
  }

  @Test
  void countsMemoryOfThoseThatAnAdminMoves() {
    world.guest(100, 1).memory = 2 * GIB;
    Resident other = world.guest(101, 3);
    other.memory = 2 * GIB;
    world.capacity.put(name(2), 3 * GIB);
    world.guests.get(100).replicas = Set.of(name(2));
    world.goes(other, name(2));
    world.emptied.put(name(1), MoveCause.MAINTENANCE);

    world.run(20);

    assertThat(world.asked).isEmpty();
    assertThat(world.at(101)).isEqualTo(name(2));
  }

  @Test
  void stoppedGuestNeedsNoMemory() {
    world.guest(100, 1).memory = 2 * GIB;
    world.guests.get(100).running = false;
    world.capacity.put(name(2), GIB);
    world.capacity.put(name(3), GIB);
    world.emptied.put(name(1), MoveCause.MAINTENANCE);

    world.run(20);

    assertThat(world.at(100)).isEqualTo(name(2));
  }

  @Test
  void leavesGuestsOutsideHaUnlessThePolicySaysMove() {
    world.guest(100, 1).managed = false;
    world.guest(101, 1).managed = false;
    world.guests.get(101).running = false;
    world.emptied.put(name(1), MoveCause.MAINTENANCE);

    MovePlan plan = world.run(20);
    assertThat(world.asked).isEmpty();
    assertThat(plan.staying())
        .hasSize(2)
        .allMatch(each -> each.why().contains("not under HA") && !each.underWay());

    world.moveUnmanaged = true;
    world.run(40);
    assertThat(world.guests.values()).allMatch(guest -> !guest.at.equals(name(1)));
  }

  @Test
  void givesUpWhatLeftHaWhileItWaitedOrMoved() {
    world.ignoreMovesUntil = 100;
    world.guest(100, 1);
    world.emptied.put(name(1), MoveCause.MAINTENANCE);
    world.run(6);
    assertThat(world.asked).contains("move 100 1 2");

    world.guests.get(100).managed = false;
    world.ignoreMovesUntil = 0;
    world.run(60);

    assertThat(world.asked).hasSize(2);
    assertThat(world.at(100)).isEqualTo(name(1));
  }

  @Test
  void leavesANodeInProxmoxMaintenanceToProxmox() {
    world.guest(100, 1);
    world.guest(101, 1).urgency = 1;
    world.maxConcurrent = 1;
    world.emptied.put(name(1), MoveCause.MAINTENANCE);
    world.run(2);

    world.proxmoxMaintenance.add(name(1));
    world.run(30);

    assertThat(world.asked).containsExactly("replicate 100");
    assertThat(world.at(100)).isEqualTo(name(2));
    assertThat(world.at(101)).isEqualTo(name(2));
  }

  @Test
  void nothingGoesToANodeInProxmoxMaintenanceNorHomeToIt() {
    world.guest(100, 1);
    world.proxmoxMaintenance.add(name(2));
    world.emptied.put(name(1), MoveCause.MAINTENANCE);
    world.run(30);
    assertThat(world.at(100)).isEqualTo(name(3));

    world.emptied.clear();
    world.proxmoxMaintenance.add(name(1));
    world.run(100);
    assertThat(world.at(100)).isEqualTo(name(3));

    world.proxmoxMaintenance.clear();
    world.run(100);
    assertThat(world.at(100)).isEqualTo(name(1));
  }

  @Test
  void choosesAnotherWhenTheTargetGoesToMaintenanceBeforeTheMove() {
    world.guest(100, 1);
    world.emptied.put(name(1), MoveCause.MAINTENANCE);
    world.run(2);
    assertThat(world.memory.orders().get(0).to()).contains(name(2));

    world.proxmoxMaintenance.add(name(2));
    world.run(30);

    assertThat(world.at(100)).isEqualTo(name(3));
    assertThat(world.guests.get(100).moved).isEqualTo(1);
  }

  @Test
  void choosesAnotherWhenTheTargetDiesMidway() {
    world.guest(100, 1);
    world.emptied.put(name(1), MoveCause.NODE_UNHEALTHY);
    world.run(5);
    assertThat(world.guests.get(100).goingTo).isEqualTo(name(2));

    world.online.put(name(2), Belief.NO);
    world.run(40);

    assertThat(world.at(100)).isEqualTo(name(3));
  }

  @Test
  void pauseHoldsWhatHasNotLeftYet() {
    world.maxConcurrent = 1;
    world.guest(100, 1);
    world.guest(101, 1);
    world.guest(102, 1);
    world.emptied.put(name(1), MoveCause.NODE_UNHEALTHY);
    world.run(5);
    assertThat(world.guests.get(100).goingTo).isNotNull();

    world.still = Optional.of("Paused: by its owner.");
    MovePlan plan = world.run(30);

    assertThat(world.at(100)).isNotEqualTo(name(1));
    assertThat(world.at(101)).isEqualTo(name(1));
    assertThat(plan.staying())
        .hasSize(2)
        .allMatch(each -> each.why().equals("Paused: by its owner."));
    world.still = Optional.empty();
    world.run(60);
    assertThat(world.guests.values()).noneMatch(guest -> guest.at.equals(name(1)));
  }

  @Test
  void endOfMaintenanceStopsWhatHasNotLeftAndReturnsWhatHas() {
    world.maxConcurrent = 1;
    world.guest(100, 1);
    world.guest(101, 1);
    world.emptied.put(name(1), MoveCause.MAINTENANCE);
    world.run(5);
    world.emptied.clear();

    world.run(100);

    assertThat(world.asked).noneMatch(what -> what.contains("101"));
    assertThat(world.guests.get(100).moved).isEqualTo(2);
    assertThat(world.at(100)).isEqualTo(name(1));
  }

  @Test
  void endsAnOrderWhoseGuestIsDeletedMidway() {
    world.guest(100, 1);
    world.emptied.put(name(1), MoveCause.MAINTENANCE);
    world.run(5);
    world.guests.remove(100);

    world.run(20);

    assertThat(world.memory.orders()).noneMatch(MoveOrder::isActive);
    assertThat(world.memory.away()).isEmpty();
    assertThat(world.pending).isEmpty();
  }

  @Test
  void letsGoOfAGuestThatIsMovedByHandMidway() {
    world.guest(100, 1);
    world.emptied.put(name(1), MoveCause.MAINTENANCE);
    world.run(2);
    world.goes(world.guests.get(100), name(3));

    world.run(40);

    assertThat(world.at(100)).isEqualTo(name(3));
    assertThat(world.asked).containsExactly("replicate 100");
    world.emptied.clear();
    world.run(60);
    assertThat(world.at(100)).isEqualTo(name(3));
  }

  // Going home by itself

  private Resident strayed(int vmid, Duration delay, String window) {
    Resident guest = world.guest(vmid, 2);
    guest.homing =
        new Homing(
            name(1), delay, Optional.ofNullable(window).map(TimeWindow::of), Duration.ofHours(24));
    return guest;
  }

  private Instant leaves(int vmid) {
    for (int round = 0; round < 24 * 360; round++) {
      world.round();
      if (world.guests.get(vmid).moved > 0) {
        return world.now;
      }
    }
    throw new AssertionError("never");
  }

  @Test
  void goesHomeWhenAWindowOverMidnightOpensAndAfterMidnightToo() {
    strayed(100, Duration.ZERO, "23:00-01:00");
    assertThat(leaves(100))
        .isBetween(Instant.parse("2026-01-05T23:00:00Z"), Instant.parse("2026-01-05T23:02:00Z"));

    world.now = Instant.parse("2026-01-07T00:30:00Z");
    strayed(101, Duration.ZERO, "23:00-01:00").synced = world.now;
    assertThat(leaves(101)).isBefore(Instant.parse("2026-01-07T00:32:00Z"));

    world.now = Instant.parse("2026-01-08T01:00:00Z");
    strayed(102, Duration.ZERO, "23:00-01:00").synced = world.now;
    assertThat(leaves(102)).isAfter(Instant.parse("2026-01-08T22:59:00Z"));
  }

  @Test
  void goesHomeOneAtATime() {
    world.maxConcurrent = 3;
    for (int vmid = 100; vmid < 104; vmid++) {
      strayed(vmid, Duration.ZERO, null);
    }

    for (int round = 0; round < 100; round++) {
      world.round();
      assertThat(world.memory.orders().stream().filter(o -> o.phase().isUnderWay()).count())
          .isLessThanOrEqualTo(1);
    }

    assertThat(world.guests.values()).allMatch(g -> g.at.equals(name(1)) && g.moved == 1);
  }

  @Test
  void goesHomeOnlyAfterTheDelayAndWithAFreshReplica() {
    Resident guest = strayed(100, Duration.ofMinutes(10), null);
    guest.synced = world.now.minus(Duration.ofHours(30));
    guest.tried = guest.synced;
    world.run(80);
    assertThat(world.asked).isEmpty();

    guest.synced = world.now;
    world.wellSince = world.now;
    assertThat(leaves(100)).isAfter(world.wellSince.plus(Duration.ofMinutes(10)));
  }

  /** Each time all must be well anew: an order that was overtaken does not lie in wait. */
  @Test
  void startsAnewWhenHomeFailsBeforeTheMove() {
    Resident guest = strayed(100, Duration.ofMinutes(10), null);
    guest.syncs = false;
    world.run(70);
    assertThat(world.asked).isNotEmpty().containsOnly("replicate 100");

    world.online.put(name(1), Belief.NO);
    world.run(3);
    assertThat(world.memory.orders()).noneMatch(MoveOrder::isActive);
    world.online.clear();
    world.wellSince = world.now;
    guest.syncs = true;

    assertThat(leaves(100)).isAfter(world.wellSince.plus(Duration.ofMinutes(10)));
  }

  @Test
  void withoutFailbackItNeverGoesHome() {
    world.guest(100, 2);

    world.run(2000);

    assertThat(world.asked).isEmpty();
  }

  @Test
  void requestToANodeWithoutMemorySaysSo() {
    world.guest(100, 1).memory = 2 * GIB;
    world.capacity.put(name(2), GIB);
    world.guests.get(100).request = new Request("node2", world.now);

    world.run(5);

    assertThat(world.asked).isEmpty();
    assertThat(world.memory.orders())
        .extracting(MoveOrder::message)
        .isEqualTo(List.of("node2 has 1024 MiB of memory left, and 2048 MiB are needed."));
  }
}
