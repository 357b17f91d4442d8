package io.pveha.simulator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.simulator.faults.Faults.Direction;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.world.FaultyCluster;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Anything may break and come back in any order: with Proxmox's own failover a guest never runs
 * twice, and when all is well again it runs once. The seed is in the name of the test.
 */
class RandomFaultsTest {

  private static final int STEPS = 40;

  @ParameterizedTest
  @ValueSource(
      longs = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24
      })
  void guestNeverRunsTwiceAndRunsOnceInTheEnd(long seed) {
    FaultyCluster cluster = new FaultyCluster(PveVersion.V9_1, seed);
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      breakOrMend(cluster, random);
      cluster.pass(Duration.ofSeconds(1 + random.nextInt(90)));
      assertThat(cluster.violations()).as("seed %d, step %d", seed, step).isEmpty();
    }
    cluster.mendAll();
    cluster.pass(Duration.ofMinutes(15));

    assertThat(cluster.violations()).as("seed %d", seed).isEmpty();
    assertThat(cluster.membersSeenByAll()).as("seed %d", seed).isEqualTo(3);
    assertThat(cluster.runningOn()).as("seed %d: %s", seed, cluster.state()).hasSize(1);
  }

  @Test
  void sameSeedGivesTheSameHistory() {
    assertThat(historyOf(7)).hasSizeGreaterThan(20).isEqualTo(historyOf(7));
  }

  private static List<String> historyOf(long seed) {
    FaultyCluster cluster = new FaultyCluster(PveVersion.V9_1, seed);
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      breakOrMend(cluster, random);
      cluster.pass(Duration.ofSeconds(1 + random.nextInt(90)));
    }
    return cluster.history();
  }

  private static void breakOrMend(FaultyCluster cluster, Random random) {
    List<String> nodes = List.of("node1", "node2", "node3");
    String node = nodes.get(random.nextInt(3));
    String other = nodes.get((nodes.indexOf(node) + 1 + random.nextInt(2)) % 3);
    boolean on = random.nextInt(3) > 0;
    Faults faults = cluster.faults();
    switch (random.nextInt(6)) {
      case 0 -> faults.power(node, on);
      case 1 -> faults.network(node, Direction.BOTH, on);
      case 2 -> faults.network(node, random.nextBoolean() ? Direction.IN : Direction.OUT, on);
      case 3 -> faults.between(node, other, on);
      case 4 -> faults.service(node, random.nextBoolean() ? "corosync" : "pve-cluster", on);
      default -> faults.replication(node, "", !on);
    }
  }
}
