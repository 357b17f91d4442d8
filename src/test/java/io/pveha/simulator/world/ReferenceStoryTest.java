package io.pveha.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.simulator.faults.Faults.Direction;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.membership.ClusterMember;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From three bare nodes to a container that comes back, as its owner would do it by hand. */
class ReferenceStoryTest {

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void bareNodesBecomeAClusterThatBringsAContainerBack(PveVersion version) {
    TestCluster cluster = TestCluster.bare(version, 3);
    form(cluster);
    for (NodeHost node : cluster.world.nodes()) {
      cluster.createPool(node.name());
    }
    cluster.on(
        "node1",
        node ->
            node.storage()
                .create(
                    "tank",
                    Map.of("type", "zfspool", "pool", "tank", "nodes", "node1,node2,node3")));
    cluster.createContainer("node1", 100);
    cluster.replicate(100, "node2", "node3");
    cluster.manage("ct:100");
    cluster.clock.advanceUntil(
        () -> cluster.node("node2").ha().shownState("ct:100").equals("started"),
        Duration.ofMinutes(2));
    cluster.pass(Duration.ofMinutes(5));

    boolean master = "node1".equals(cluster.master());
    Instant cut = cluster.clock.now();
    cluster.faults.network("node1", Direction.BOTH, false);
    cluster.clock.advanceUntil(
        () -> cluster.guest(100).answersOn().stream().anyMatch(node -> !node.equals("node1")),
        Duration.ofMinutes(5));

    assertThat(Duration.between(cut, cluster.clock.now()))
        .isBetween(Duration.ofSeconds(master ? 165 : 120), Duration.ofSeconds(master ? 200 : 150));
    cluster.faults.network("node1", Direction.BOTH, true);
    cluster.pass(Duration.ofMinutes(5));
    assertThat(cluster.guest(100).runningOn()).hasSize(1).doesNotContain("node1");
    assertThat(
            cluster
                .node(cluster.guest(100).runningOn().get(0))
                .replication()
                .status(OptionalInt.of(100)))
        .hasSize(2)
        .allMatch(job -> job.error() == null && job.lastSync() > 0);
    assertThat(cluster.world.truth().violations()).isEmpty();
    assertThat(cluster.world.truth().destroyed()).isEmpty();
  }

  private static void form(TestCluster cluster) {
    ClusterMember.Create create =
        new ClusterMember.Create(
            "home", new TreeMap<>(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());
    cluster.run("node1", node -> node.cluster().create("root@pam", create));
    cluster.pass(5);
    for (String joiner : new String[] {"node2", "node3"}) {
      ClusterMember.Join join =
          new ClusterMember.Join(
              "10.0.0.11",
              cluster.node("node1").fingerprint(),
              cluster.world.spec().rootPassword(),
              new TreeMap<>(),
              OptionalInt.empty(),
              OptionalInt.empty(),
              false);
      assertThat(cluster.run(joiner, node -> node.cluster().join("root@pam", join)))
          .isEqualTo("OK");
      cluster.pass(5);
    }
  }
}
