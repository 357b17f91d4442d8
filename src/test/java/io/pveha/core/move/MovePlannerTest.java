package io.pveha.core.move;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.MovePhase;
import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.move.MoveView.Request;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Moves in a world that does what it is told after a while, or does not. */
class MovePlannerTest {

  private final MoveWorld world = new MoveWorld();

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
    assertThat(world.at(100)).isEqualTo(name(2));
    world.run(40);

    assertThat(world.at(100)).isEqualTo(name(1));
    assertThat(world.memory.away()).isEmpty();
  }

  @Test
  void leavesAGuestThatItsOwnerMovedMeanwhile() {
    world.guest(100, 1);
    world.emptied.put(name(1), MoveCause.MAINTENANCE);
    world.run(30);
    world.guests.get(100).at = name(3);
    world.emptied.clear();

    world.run(100);

    assertThat(world.at(100)).isEqualTo(name(3));
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
    assertThat(world.at(100)).isEqualTo(name(2));
  }

  @Test
  void refusesWithASentenceAndOnce() {
    world.guest(100, 1);
    world.guests.get(100).request = new Request("node9", MoveWorld.START);

    world.run(10);

    assertThat(world.memory.orders())
        .singleElement()
        .satisfies(order -> assertThat(order.message()).isEqualTo("Node node9 does not exist."));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  void asksForNoMoveTwiceWhenItForgetsWhatBecameOfItsRequests(int diesIn) {
    world.guest(100, 1);
    world.emptied.put(name(1), MoveCause.MAINTENANCE);
    world.dropAnswerIn = diesIn;

    world.run(60);

    assertThat(world.guests.get(100).moved).isEqualTo(1);
    assertThat(world.at(100)).isEqualTo(name(2));
  }

  private static NodeName name(int number) {
    return MoveWorld.name(number);
  }
}
