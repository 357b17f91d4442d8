package io.pveha.simulator.ha;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.ha.HaEvent;
import io.pveha.simulator.machine.HaRecord;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.world.TestCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A container under HA with replicas, and the network of its node cut: how long it is away, and
 * when the steps in between happen, as measured on real Proxmox VE daemons.
 */
class FailoverTimingTest {

  private static final String SID = "ct:100";

  static Stream<Arguments> seeds() {
    Stream.Builder<Arguments> all = Stream.builder();
    for (PveVersion version : PveVersion.values()) {
      for (long seed = 1; seed <= 20; seed++) {
        all.add(Arguments.of(version, seed));
      }
    }
    return all.build();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void bringsTheContainerBackAsFastAsProxmoxWhenTheLostNodeIsNotTheMaster(
      PveVersion version, long seed) {
    TestCluster cluster = withManagedContainer(version, seed, false);
    String home = cluster.guest(100).runningOn().get(0);
    assertThat(cluster.master()).isNotNull().isNotEqualTo(home);
    Instant cut = cutNetwork(cluster, home, seed);

    Duration lost = until(cluster, () -> !cluster.node(other(home)).membership().isOnline(home));
    assertThat(lost).isBetween(Duration.ofMillis(6500), Duration.ofMillis(6900));
    cluster.pass(Duration.ofMillis(400));
    assertThat(cluster.node(home).membership().quorate()).isFalse();

    Duration away = untilAnswersElsewhere(cluster, home, cut);

    assertThat(away).isBetween(Duration.ofSeconds(120), Duration.ofSeconds(145));
    assertThat(sinceCut(cluster, cut, nodeBecomes(home, "unknown")))
        .isBetween(Duration.ofSeconds(6), Duration.ofSeconds(17));
    assertThat(sinceCut(cluster, cut, fenced(home)))
        .isBetween(Duration.ofMillis(126_500), Duration.ofMillis(137_500));
    assertThat(resetAfter(cluster, home, cut))
        .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(70));
    assertThat(cluster.world.truth().violations()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void takesAnotherMasterElectionWhenTheLostNodeIsTheMaster(PveVersion version, long seed) {
    TestCluster cluster = withManagedContainer(version, seed, true);
    String home = cluster.guest(100).runningOn().get(0);
    assertThat(cluster.master()).isEqualTo(home);
    Instant cut = cutNetwork(cluster, home, seed);

    Duration away = untilAnswersElsewhere(cluster, home, cut);

    assertThat(away).isBetween(Duration.ofSeconds(170), Duration.ofSeconds(190));
    assertThat(sinceCut(cluster, cut, nodeBecomes(home, "unknown")))
        .isBetween(Duration.ofSeconds(110), Duration.ofSeconds(125));
    assertThat(resetAfter(cluster, home, cut))
        .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(70));
    assertThat(cluster.world.truth().violations()).isEmpty();
  }

  private static TestCluster withManagedContainer(PveVersion version, long seed, boolean onMaster) {
    TestCluster cluster = TestCluster.withPool(version, 3, seed);
    // The master is the node whose CRM comes first once there is something to manage.
    cluster.createContainer("node1", 100);
    cluster.replicate(100, "node2", "node3");
    cluster.manage(SID);
    cluster.clock.advanceUntil(() -> cluster.master() != null, Duration.ofMinutes(1));
    cluster.clock.advanceUntil(
        () -> cluster.node("node1").ha().shownState(SID).equals("started"), Duration.ofMinutes(2));
    String master = cluster.master();
    String wanted = onMaster ? master : other(master);
    if (!wanted.equals("node1")) {
      cluster.tell("node1", node -> node.ha().move("relocate", SID, wanted));
      cluster.clock.advanceUntil(
          () -> cluster.answers(100, wanted) && started(cluster), Duration.ofMinutes(3));
    }
    // Long enough for an LRM that gave the container away to go idle again.
    cluster.pass(Duration.ofMinutes(12));
    return cluster;
  }

  private static boolean started(TestCluster cluster) {
    return cluster.node("node1").ha().shownState(SID).equals("started");
  }

  private static String other(String node) {
    return node.equals("node1") ? "node2" : "node1";
  }

  private static Instant cutNetwork(TestCluster cluster, String home, long seed) {
    cluster.pass(Duration.ofMillis(1370 * seed % 10_000));
    cluster.faults.network(home, io.pveha.simulator.faults.Faults.Direction.BOTH, false);
    return cluster.clock.now();
  }

  private static Duration until(TestCluster cluster, java.util.function.BooleanSupplier condition) {
    return cluster.clock.advanceUntil(condition, Duration.ofMinutes(10));
  }

  private static Duration untilAnswersElsewhere(TestCluster cluster, String home, Instant cut) {
    while (!cluster.guest(100).answersOn().stream().anyMatch(node -> !node.equals(home))) {
      cluster.pass(Duration.ofMillis(100));
      if (Duration.between(cut, cluster.clock.now()).toMinutes() > 6) {
        throw new AssertionError("not back: " + cluster.world.truth());
      }
    }
    return Duration.between(cut, cluster.clock.now());
  }

  private static Duration sinceCut(TestCluster cluster, Instant cut, Predicate<HaRecord> what) {
    return cluster.world.haEvents().stream()
        .filter(record -> record.at().isAfter(cut) && what.test(record))
        .map(record -> Duration.between(cut, record.at()))
        .findFirst()
        .orElseThrow();
  }

  private static Predicate<HaRecord> nodeBecomes(String node, String state) {
    return record ->
        record.event().kind() == HaEvent.Kind.NODE_STATE
            && node.equals(record.event().facts().get("node"))
            && state.equals(record.event().facts().get("to"));
  }

  private static Predicate<HaRecord> fenced(String node) {
    return record ->
        record.event().kind() == HaEvent.Kind.FENCE_ACK
            && node.equals(record.event().facts().get("node"));
  }

  /** The node booted after the cut; take off what the boot took. */
  private static Duration resetAfter(TestCluster cluster, String home, Instant cut) {
    return Duration.between(cut, cluster.node(home).resetAt().orElseThrow());
  }
}
