package io.pveha.simulator.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.guests.NodeGuests.Migrate;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.replication.NodeReplication.JobStatus;
import io.pveha.simulator.world.TestCluster;
import io.pveha.simulator.world.Truth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplicationTest {

  private final TestCluster cluster = TestCluster.withPool(PveVersion.V9_1, 3, 1);

  @BeforeEach
  void createGuest() {
    cluster.createContainer("node1", 100);
  }

  @Test
  void runsEachMinuteAndCarriesTheWritesOfItsStart() {
    cluster.replicate(100, "node2");
    cluster.pass(Duration.ofMinutes(3));

    JobStatus job = job("node1", "100-0");
    assertThat(job.failCount()).isZero();
    assertThat(job.error()).isNull();
    assertThat(job.lastSync()).isEqualTo(job.lastTry());
    long age = cluster.clock.now().getEpochSecond() - job.lastSync();
    assertThat(age).isBetween(0L, 65L);
    long lost = copy("node1").lastWrite() - copy("node2").lastWrite();
    assertThat(lost).isBetween(age - 1, age + 1);
    assertThat(copy("node2").snapshots())
        .hasSize(2)
        .allMatch(name -> name.startsWith("__replicate_100-0_"));
    assertThat(cluster.node("node2").replication().status(OptionalInt.empty())).isEmpty();
    assertThat(cluster.node("node1").replication().log("100-0")).hasSizeGreaterThan(4);
  }

  @Test
  void jobsOfANodeRunOneAfterAnother() {
    cluster.replicate(100, "node2", "node3");
    List<Integer> running = new ArrayList<>();
    for (int step = 0; step < 1200; step++) {
      cluster.pass(Duration.ofMillis(100));
      running.add(
          (int)
              cluster.node("node1").replication().status(OptionalInt.empty()).stream()
                  .filter(job -> job.pid() > 0)
                  .count());
    }
    assertThat(running).contains(1).doesNotContain(2);
  }

  @Test
  void createChecksGuestTargetAndDuplicates() {
    cluster.replicate(100, "node2");

    refuses("100-0", "node3", "replication job '100-0' already exists");
    refuses("100-1", "node2", "replication job for guest '100' to target 'node2' already exists");
    refuses("100-1", "node1", "source and target node are the same: 'node1'");
    refuses("100-1", "node9", "no such cluster node 'node9'");
    refuses("200-0", "node2", "guest '200' does not exist");
  }

  @Test
  void failuresBackOffFiveTenFifteenThenThirtyMinutes() {
    cluster.replicate(100, "node2");
    cluster.faults.replication("node1", "100-0", true);
    List<Long> tries = new ArrayList<>();
    for (int second = 0; second < 7200; second++) {
      cluster.pass(1);
      long lastTry = job("node1", "100-0").lastTry();
      if (lastTry > 0 && !tries.contains(lastTry)) {
        tries.add(lastTry);
      }
    }
    List<Long> gaps = new ArrayList<>();
    for (int number = 1; number < tries.size(); number++) {
      gaps.add(Math.round((tries.get(number) - tries.get(number - 1)) / 60.0));
    }
    assertThat(gaps).startsWith(5L, 10L, 15L).allMatch(gap -> gap <= 31).contains(30L);
    assertThat(job("node1", "100-0").error()).contains("exit code 255");

    cluster.faults.replication("node1", "100-0", false);
    cluster.tell("node1", node -> node.replication().scheduleNow("100-0"));
    cluster.pass(70);
    assertThat(job("node1", "100-0").failCount()).isZero();
  }

  @Test
  void nothingIsTriedWhileTheTargetIsOffline() {
    cluster.replicate(100, "node2");
    cluster.pass(120);
    cluster.faults.power("node2", false);
    cluster.pass(15);
    long lastTry = job("node1", "100-0").lastTry();
    cluster.pass(Duration.ofMinutes(5));

    assertThat(job("node1", "100-0").nextSync()).isZero();
    assertThat(job("node1", "100-0").lastTry()).isEqualTo(lastTry);
  }

  @Test
  void scheduleNowDoesNothingBeforeAnyStateExists() {
    cluster.tell(
        "node1",
        node -> node.replication().create("100-0", Map.of("target", "node2", "disable", "1")));
    cluster.tell("node1", node -> node.replication().scheduleNow("100-0"));

    assertThat(job("node1", "100-0").lastTry()).isZero();
  }

  @Test
  void migrationToTheTargetSwapsTheRolesAndKeepsTheState() {
    cluster.replicate(100, "node2", "node3");
    cluster.pass(Duration.ofMinutes(3));
    cluster.run(
        "node1",
        node ->
            node.guests()
                .migrate(
                    "root@pam",
                    GuestKind.CT,
                    100,
                    new Migrate("node2", false, true, false, false)));

    assertThat(job("node2", "100-0").lastSync()).isPositive();
    cluster.pass(Duration.ofMinutes(3));

    JobStatus back = job("node2", "100-0");
    assertThat(back.source()).isEqualTo("node2");
    assertThat(back.target()).isEqualTo("node1");
    assertThat(back.error()).isNull();
    JobStatus other = job("node2", "100-1");
    assertThat(other.target()).isEqualTo("node3");
    assertThat(other.error()).isNull();
    assertThat(cluster.world.truth().destroyed()).isEmpty();
    assertThat(cluster.guest(100).copies()).hasSize(3);
  }

  @Test
  void migrationBeforeTheFirstRunLeavesABaseForTheWayBack() {
    cluster.tell(
        "node1",
        node -> node.replication().create("100-0", Map.of("target", "node2", "schedule", "*/1")));
    cluster.run(
        "node1",
        node ->
            node.guests()
                .migrate(
                    "root@pam",
                    GuestKind.CT,
                    100,
                    new Migrate("node2", false, true, false, false)));
    cluster.pass(Duration.ofMinutes(3));

    assertThat(job("node2", "100-0").error()).isNull();
    assertThat(job("node2", "100-0").target()).isEqualTo("node1");
  }

  @Test
  void deletedJobIsRemovedByTheSchedulerWithItsCopies() {
    cluster.replicate(100, "node2", "node3");
    cluster.pass(Duration.ofMinutes(2));
    cluster.tell("node1", node -> node.replication().delete("100-0", false, false));
    assertThat(job("node1", "100-0").removeJob()).isEqualTo("full");
    cluster.tell("node1", node -> node.replication().delete("100-1", true, false));
    cluster.pass(90);

    assertThat(cluster.node("node1").config().section(Section.REPLICATION)).isEmpty();
    assertThat(cluster.guest(100).copies())
        .extracting(Truth.Copy::node)
        .containsExactly("node1", "node3");
  }

  @Test
  void removalHangsWhileTheTargetIsDeadAndForceDropsOnlyTheEntry() {
    cluster.replicate(100, "node2");
    cluster.pass(Duration.ofMinutes(2));
    cluster.faults.power("node2", false);
    cluster.pass(15);
    cluster.tell("node1", node -> node.replication().delete("100-0", false, false));
    cluster.pass(Duration.ofMinutes(5));
    assertThat(cluster.node("node1").config().section(Section.REPLICATION)).hasSize(1);

    cluster.tell("node1", node -> node.replication().delete("100-0", false, true));

    assertThat(cluster.node("node1").config().section(Section.REPLICATION)).isEmpty();
    assertThat(cluster.guest(100).copies()).hasSize(2);
  }

  @Test
  void foreignVolumeOnTheTargetHasNoCommonBase() {
    cluster.replicate(100, "node2");
    cluster.pass(Duration.ofMinutes(2));
    cluster.tell("node1", node -> node.replication().delete("100-0", true, false));
    cluster.pass(90);
    // A job of the same id finds a copy whose snapshots the source still has.
    cluster.replicate(100, "node2");
    cluster.pass(90);
    assertThat(job("node1", "100-0").error()).isNull();
    cluster.node("node2").storage().volumes("tank").get("subvol-100-disk-0").snapshots().clear();
    cluster.pass(90);

    assertThat(job("node1", "100-0").error()).startsWith("No common base snapshot on volume(s)");
  }

  @Test
  void stateIsGoneAfterRecoveryAndTheRolesAreSwapped() {
    cluster.replicate(100, "node2", "node3");
    cluster.manage("ct:100");
    cluster.pass(Duration.ofMinutes(4));
    cluster.faults.power("node1", false);
    cluster.clock.advanceUntil(
        () -> cluster.guest(100).answersOn().size() == 1, Duration.ofMinutes(5));
    String home = cluster.guest(100).answersOn().get(0);

    assertThat(cluster.node(home).replication().status(OptionalInt.of(100)))
        .allMatch(job -> job.lastSync() == 0);
    cluster.pass(90);
    assertThat(cluster.node(home).replication().status(OptionalInt.of(100)))
        .allMatch(job -> job.source().equals(home))
        .extracting(JobStatus::target)
        .contains("node1");
    assertThat(cluster.node(home).replication().status(OptionalInt.of(100)))
        .filteredOn(job -> !job.target().equals("node1"))
        .allMatch(job -> job.error() == null && job.lastSync() > 0);
    cluster.faults.power("node1", true);
    cluster.pass(Duration.ofMinutes(4));
    assertThat(cluster.node(home).replication().status(OptionalInt.of(100)))
        .allMatch(job -> job.error() == null && job.lastSync() > 0);
  }

  @Test
  void aRunWhoseGuestIsDestroyedMeanwhileFailsAndOthersGoOn() {
    cluster.createContainer("node1", 101);
    cluster.replicate(100, "node2");
    cluster.replicate(101, "node2");
    cluster.pass(Duration.ofMinutes(3));
    cluster.clock.advanceUntil(
        () -> job("node1", "100-0").pid() > 0 && job("node1", "101-0").pid() == 0,
        Duration.ofMinutes(2));
    String snapshots = copy("node2").snapshots().toString();
    long before = job("node1", "101-0").lastSync();

    String outcome =
        cluster.run(
            "node1",
            node -> node.guests().destroy("root@pam", GuestKind.CT, 100, true, true, false));
    cluster.pass(Duration.ofMinutes(2));

    assertThat(outcome).isEqualTo("OK");
    assertThat(cluster.node("node1").config().section(Section.REPLICATION))
        .containsOnlyKeys("101-0");
    assertThat(
            cluster
                .node("node2")
                .storage()
                .volumes("tank")
                .get("subvol-100-disk-0")
                .snapshots()
                .keySet())
        .as("nothing came of the run")
        .hasToString(snapshots);
    assertThat(job("node1", "101-0").lastSync()).isGreaterThan(before);
    assertThat(job("node1", "101-0").error()).isNull();
  }

  @Test
  void whatCannotBeTakenAlongIsRefusedUnlessItIsExempt() {
    cluster.createContainer("node1", 110);
    configure(110, "mp0", "/mnt/data,mp=/data");
    refuses("110-0", "node2", "unable to replicate mountpoint type 'bind'");
    configure(110, "mp0", "/dev/sdc,mp=/data");
    refuses("110-0", "node2", "unable to replicate mountpoint type 'device'");
    configure(110, "mp0", "/mnt/data,mp=/data,replicate=0");
    cluster.replicate(110, "node2");

    configure(110, "mp0", "/mnt/data,mp=/data");
    cluster.pass(Duration.ofMinutes(2));

    assertThat(job("node1", "110-0").error())
        .isEqualTo("unable to replicate mountpoint type 'bind'");
  }

  @Test
  void disksOnSharedStorageAreLeftOut() {
    cluster.tell(
        "node1",
        node ->
            node.storage()
                .create("nas", Map.of("type", "nfs", "server", "10.0.0.99", "export", "/x")));
    cluster.createContainer("node1", 110);
    configure(110, "mp0", "nas:4,mp=/data");

    cluster.replicate(110, "node2");
    cluster.pass(Duration.ofMinutes(2));

    assertThat(job("node1", "110-0").error()).isNull();
    assertThat(job("node1", "110-0").lastSync()).isPositive();
  }

  private void configure(int vmid, String key, String value) {
    cluster.tell(
        "node1",
        node ->
            node.guests()
                .configure(GuestKind.CT, vmid, Map.of(key, value), Set.of(), Optional.empty()));
  }

  private JobStatus job(String node, String id) {
    return cluster.node(node).replication().status(id);
  }

  private Truth.Copy copy(String node) {
    return cluster.guest(100).copies().stream()
        .filter(each -> each.node().equals(node))
        .findFirst()
        .orElseThrow();
  }

  private void refuses(String id, String target, String message) {
    assertThatThrownBy(
            () ->
                cluster.tell(
                    "node1", node -> node.replication().create(id, Map.of("target", target))))
        .hasMessage(message);
  }
}
