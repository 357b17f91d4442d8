package io.pveha.core.move;

import static io.pveha.core.move.MoveWorld.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.cluster.GuestKind;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.move.MovePlan.Staying;
import io.pveha.core.move.MoveView.Homing;
import io.pveha.core.move.MoveView.Request;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Guests that run together, or apart: Proxmox HA moves the former as one, and so do we. */
class MovesTogetherTest {

  private final MoveWorld world = new MoveWorld();

  private void twoTogether() {
    world.guest(100, 1);
    world.guest(101, 1);
    world.together(100, 101);
    world.emptied.put(name(1), MoveCause.MAINTENANCE);
  }

  @Test
  void syncsAllBeforeItMovesOneAndReturnsThemTogether() {
    twoTogether();

    world.run(30);

    assertThat(world.asked).containsExactly("replicate 100", "replicate 101", "move 100 1 2");
    assertThat(world.at(101)).isEqualTo(name(2));
    assertThat(world.memory.away()).hasSize(2);
    world.emptied.clear();
    world.wellSince = world.now;
    world.run(60);
    assertThat(world.asked.subList(3, 6))
        .containsExactly("replicate 100", "replicate 101", "move 100 2 1");
    assertThat(world.at(101)).isEqualTo(name(1));
    assertThat(world.memory.away()).isEmpty();
  }

  @Test
  void asksForTheMachineSinceAContainerIsRelocated() {
    world.guest(100, 1);
    world.guest(GuestKind.VM, 101, 1);
    world.together(100, 101);
    world.emptied.put(name(1), MoveCause.NODE_UNHEALTHY);

    world.run(30);

    assertThat(world.asked).contains("move 101 1 2").doesNotContain("move 100 1 2");
    assertThat(world.at(100)).isEqualTo(name(2));
  }

  @Test
  void goesWhereAllHaveAReplica() {
    twoTogether();
    world.guests.get(101).replicas = Set.of(name(3));

    world.run(30);

    assertThat(world.at(100)).isEqualTo(name(3));
    assertThat(world.at(101)).isEqualTo(name(3));
  }

  @Test
  void allStayWhereOneHasNowhereToGo() {
    twoTogether();
    world.guests.get(101).replicas = Set.of();

    MovePlan plan = world.run(30);

    assertThat(world.asked).isEmpty();
    assertThat(plan.staying())
        .extracting(Staying::why)
        .allMatch(why -> why.contains("node2 has no replica of its disks"))
        .anyMatch(why -> why.contains("ct:101 is kept together with it"));
  }

  @Test
  void noneMovesWhenTheReplicationOfOneFails() {
    twoTogether();
    world.guests.get(101).syncFails = true;

    MovePlan plan = world.run(20);

    assertThat(world.asked).noneMatch(what -> what.startsWith("move"));
    assertThat(plan.staying()).hasSize(2).noneMatch(Staying::underWay);
    assertThat(plan.staying().get(0).why()).contains("ct:101 is kept together").contains("failed");
  }

  @Test
  void allStayWithOneThatIsLeftAlone() {
    twoTogether();
    world.guests.get(101).leftAlone = "Its HaResource is in Observe mode.";

    world.run(30);

    assertThat(world.asked).isEmpty();
  }

  @Test
  void goAloneWhereTheyAreMoreThanMayMoveAtOnce() {
    world.maxConcurrent = 1;
    world.guest(99, 1).urgency = 1;
    twoTogether();

    world.run(60);

    assertThat(world.asked)
        .containsExactly(
            "replicate 100", "replicate 101", "move 100 1 2", "replicate 99", "move 99 1 3");
  }

  @Test
  void anOwnersRequestTakesAllAlong() {
    world.guest(100, 1);
    world.guest(101, 1);
    world.together(100, 101);
    world.guests.get(101).request = new Request("node3", world.now);

    world.run(30);

    assertThat(world.at(100)).isEqualTo(name(3));
    assertThat(world.at(101)).isEqualTo(name(3));
  }

  @Test
  void goesHomeOnlyIfAllThatRunTogetherWantTo() {
    world.guest(100, 2).homing =
        new Homing(name(1), Duration.ZERO, Optional.empty(), Duration.ofHours(1));
    world.guest(101, 2);
    world.together(100, 101);

    world.run(30);
    assertThat(world.asked).isEmpty();

    world.guests.get(101).homing = world.guests.get(100).homing;
    world.run(30);
    assertThat(world.at(100)).isEqualTo(name(1));
    assertThat(world.at(101)).isEqualTo(name(1));
  }

  /** Proxmox HA would drag the other along, off a node where all is well. */
  @Test
  void joinsTheOtherWhereThatIsWell() {
    world.guest(100, 1);
    world.guest(101, 3);
    world.together(100, 101);
    world.emptied.put(name(1), MoveCause.NODE_UNHEALTHY);

    world.run(30);

    assertThat(world.asked).containsExactly("replicate 100", "move 100 1 3");
  }

  @Test
  void neverPutsTwoApartOnOneNode() {
    world.guest(100, 1);
    world.guest(101, 2);
    world.apart(100, 101);
    world.emptied.put(name(1), MoveCause.MAINTENANCE);
    world.emptied.put(name(2), MoveCause.MAINTENANCE);

    MovePlan plan = world.run(40);

    assertThat(world.at(100)).isEqualTo(name(3));
    assertThat(world.at(101)).isEqualTo(name(2));
    assertThat(plan.staying())
        .singleElement()
        .satisfies(
            each -> assertThat(each.why()).contains("ct:100 is on node3 and must be kept apart."));
  }

  @Test
  void doesNotGoWhereOneThatIsApartIsOnlyAboutToLeave() {
    world.guest(100, 1);
    world.guest(101, 2).syncs = false;
    world.apart(100, 101);
    world.emptied.put(name(2), MoveCause.MAINTENANCE);
    world.run(3);
    NodeName going = world.memory.orders().get(0).to().orElseThrow();
    assertThat(going).isEqualTo(name(3));
    world.emptied.clear();
    world.emptied.put(name(1), MoveCause.NODE_UNHEALTHY);

    world.guests.get(100).request = new Request("node2", world.now);
    world.run(30);

    assertThat(world.at(100)).isNotEqualTo(world.at(101));
  }
}
