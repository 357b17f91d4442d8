package io.pveha.core.ha;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.ha.LrmStatus.LrmMode;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeWatchTest {

  private final FakeWorld world = new FakeWorld();
  private final ManagerMemory memory = new ManagerMemory("node1", ManagerStatus.EMPTY, world.now);
  private final NodeWatch watch = new NodeWatch(memory, world, HaTimings.proxmox());
  private final Map<String, LrmMode> modes = new HashMap<>();

  @BeforeEach
  void allOnline() {
    round(0);
  }

  private void round(long seconds) {
    watch.update(world.members(), modes::get, world.after(seconds));
  }

  private NodeState state() {
    return memory.nodeState("node3");
  }

  @Test
  void aNodeThatLeftTheClusterIsGoneAndForgottenAnHourLater() {
    world.online.remove("node3");
    round(10);
    assertThat(state()).isEqualTo(NodeState.UNKNOWN);

    world.known.remove("node3");
    round(10);
    assertThat(state()).isEqualTo(NodeState.GONE);

    round(3579);
    assertThat(memory.nodes).as("an hour after it was seen, less a second").containsKey("node3");
    round(1);
    assertThat(memory.nodes).doesNotContainKey("node3");
    assertThat(world.told(Kind.NODE_DELETED)).hasSize(1);
  }

  @Test
  void aGoneNodeThatComesBackIsOnline() {
    world.online.remove("node3");
    world.known.remove("node3");
    round(10);
    round(10);
    assertThat(state()).isEqualTo(NodeState.GONE);
    world.online.add("node3");
    round(10);
    assertThat(state()).isEqualTo(NodeState.ONLINE);
  }

  @Test
  void aNodeIsDownOnlyAfterTheFenceDelay() {
    world.online.remove("node3");
    round(59);
    assertThat(watch.isDown("node3", world.now)).isFalse();
    assertThat(watch.isDown("node3", world.after(1))).isTrue();
    assertThat(watch.isDown("node1", world.now)).as("online").isFalse();
  }

  @Test
  void aNewMasterCountsFromItsFirstLook() {
    memory.nodes.put("node9", NodeState.UNKNOWN);
    assertThat(watch.isDown("node9", world.after(1000))).isFalse();
    assertThat(watch.isDown("node9", world.after(59))).isFalse();
    assertThat(watch.isDown("node9", world.after(1))).isTrue();
  }

  @Test
  void fencingWaitsForTheAgentLock() {
    world.locks.lock(HaLock.agentOf("node3"), "node3", world.now);

    assertThat(watch.fence("node3")).isFalse();
    assertThat(state()).isEqualTo(NodeState.FENCE);
    world.after(121);
    assertThat(watch.fence("node3")).isTrue();
    assertThat(state()).isEqualTo(NodeState.UNKNOWN);
    assertThat(world.told(Kind.FENCE_NOTICE)).hasSize(2);
  }

  @Test
  void aNodeToBeFencedStaysSoEvenWhenItIsBack() {
    world.locks.lock(HaLock.agentOf("node3"), "node3", world.now);
    watch.fence("node3");
    round(10);
    assertThat(state()).isEqualTo(NodeState.FENCE);
  }

  @Test
  void aMaintainedNodeThatGoesDownStaysInMaintenance() {
    modes.put("node3", LrmMode.MAINTENANCE);
    round(10);
    assertThat(state()).isEqualTo(NodeState.MAINTENANCE);
    world.online.remove("node3");
    round(10);
    assertThat(state()).isEqualTo(NodeState.MAINTENANCE);
    modes.put("node3", LrmMode.ACTIVE);
    round(10);
    assertThat(state()).isEqualTo(NodeState.UNKNOWN);
  }
}
