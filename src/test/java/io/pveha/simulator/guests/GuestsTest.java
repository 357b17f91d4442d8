package io.pveha.simulator.guests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.faults.Faults.Direction;
import io.pveha.simulator.guests.NodeGuests.Clone;
import io.pveha.simulator.guests.NodeGuests.Migrate;
import io.pveha.simulator.guests.NodeGuests.StopOptions;
import io.pveha.simulator.machine.Ledger;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.machine.Upid;
import io.pveha.simulator.world.TestCluster;
import io.pveha.simulator.world.Truth;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GuestsTest {

  private final TestCluster cluster = TestCluster.withPool(PveVersion.V9_1, 3, 1);

  @Test
  void containerFromATemplateRunsAnswersAndWritesOncePerSecond() {
    cluster.createContainer("node1", 100);

    long before = cluster.node("node1").guests().lastWrite(100);
    cluster.pass(10);
    assertThat(cluster.node("node1").guests().lastWrite(100)).isEqualTo(before + 10);
    NodeGuests.Status status = cluster.node("node1").guests().status(GuestKind.CT, 100);
    assertThat(status.status()).isEqualTo("running");
    assertThat(status.maxdisk()).isEqualTo(8L << 30);
    assertThat(cluster.node("node1").guests().config(GuestKind.CT, 100))
        .containsEntry("rootfs", "tank:subvol-100-disk-0,size=8G")
        .containsEntry("hostname", "web100")
        .containsKey("digest")
        .doesNotContainKeys("node", "kind");
  }

  @Test
  void takenIdUnknownTemplateAndWrongStorageAreRefused() {
    cluster.createContainer("node1", 100);

    assertThatThrownBy(() -> createVm("node2", 100, "tank:4"))
        .hasMessage("unable to create VM 100 - CT 100 already exists on node 'node1'");
    assertThatThrownBy(() -> createVm("node2", 101, "local:4"))
        .hasMessage("storage 'local' does not support content-type 'images'");
    assertThatThrownBy(() -> createVm("node2", 101, "nowhere:4"))
        .hasMessage("storage 'nowhere' does not exist");
    assertThatThrownBy(
            () ->
                cluster.on(
                    "node1",
                    node ->
                        node.guests()
                            .create(
                                "root@pam",
                                GuestKind.CT,
                                102,
                                Map.of(),
                                Optional.of("local:vztmpl/none.tar"),
                                false)))
        .hasMessageContaining("volume 'local:vztmpl/none.tar' does not exist");
  }

  @Test
  void guestIsFoundOnlyWhereItIs() {
    cluster.createContainer("node1", 100);

    assertThatThrownBy(() -> cluster.node("node2").guests().status(GuestKind.CT, 100))
        .hasMessage("Configuration file 'nodes/node2/lxc/100.conf' does not exist");
    assertThatThrownBy(() -> cluster.node("node1").guests().status(GuestKind.VM, 100))
        .hasMessage("Configuration file 'nodes/node1/qemu-server/100.conf' does not exist");
  }

  @Test
  void shutdownAndStartKeepTheData() {
    cluster.createContainer("node1", 100);
    cluster.pass(20);
    cluster.run(
        "node1",
        node ->
            node.guests()
                .shutdown(
                    "root@pam",
                    GuestKind.CT,
                    100,
                    new StopOptions(Optional.empty(), false, false)));
    assertThat(cluster.guest(100).runningOn()).isEmpty();
    long held = cluster.guest(100).copies().get(0).lastWrite();
    assertThat(held).isGreaterThan(20);

    cluster.run("node1", node -> node.guests().start("root@pam", GuestKind.CT, 100));
    cluster.pass(10);

    Truth.Copy copy = cluster.guest(100).copies().get(0);
    assertThat(copy.lastWrite()).isBetween(held + 9, held + 11);
    assertThat(copy.history()).hasSize(2);
  }

  @Test
  void runningContainerMovesByRestartAndLosesNothing() {
    cluster.createContainer("node1", 100);
    cluster.pass(20);
    assertThatThrownBy(
            () -> migrate("node1", GuestKind.CT, new Migrate("node2", false, false, false, false)))
        .hasMessageContaining("can't migrate running container");

    assertThat(migrate("node1", GuestKind.CT, new Migrate("node2", false, true, false, false)))
        .isEqualTo("OK");
    cluster.pass(10);

    Truth.GuestTruth guest = cluster.guest(100);
    assertThat(guest.answersOn()).containsExactly("node2");
    assertThat(guest.copies()).hasSize(1);
    assertThat(guest.copies().get(0).history().get(0).last()).isGreaterThanOrEqualTo(20);
    assertThat(cluster.node("node1").guests().list(GuestKind.CT)).isEmpty();
  }

  @Test
  void runningVmMovesLiveWithoutBeingAway() {
    cluster.outcome("node1", createVm("node1", 100, "tank:16"));
    cluster.run("node1", node -> node.guests().start("root@pam", GuestKind.VM, 100));
    cluster.pass(60);
    assertThat(cluster.guest(100).answersOn()).containsExactly("node1");

    assertThat(migrate("node1", GuestKind.VM, new Migrate("node3", true, false, true, false)))
        .isEqualTo("OK");

    assertThat(cluster.guest(100).answersOn()).containsExactly("node3");
    assertThat(cluster.node("node3").guests().status(GuestKind.VM, 100).uptime()).isGreaterThan(60);
    assertThat(cluster.world.truth().violations()).isEmpty();
  }

  @Test
  void moveToANodeWithoutThePoolFailsAndLeavesTheGuestWhereItIs() {
    cluster.createContainer("node1", 100);
    cluster.run("node1", node -> node.guests().stop("root@pam", GuestKind.CT, 100));
    cluster.run("node2", node -> node.disks().destroyPool("root@pam", "tank", false, false));

    assertThat(migrate("node1", GuestKind.CT, new Migrate("node2", false, false, false, false)))
        .startsWith("migration aborted");

    assertThat(cluster.node("node1").guests().config(GuestKind.CT, 100)).doesNotContainKey("lock");
    assertThat(cluster.guest(100).copies()).extracting(Truth.Copy::node).containsExactly("node1");
  }

  @Test
  void aBackupIsRestoredWithItsDataUnderTheNumberOnceThatIsFree() {
    cluster.createContainer("node1", 100);
    cluster.pass(20);
    String archive = cluster.node("node1").backups().make(GuestKind.CT, 100, "local");
    long held = cluster.guest(100).copies().get(0).lastWrite();
    cluster.pass(20);

    assertThat(cluster.node("node1").storage().content("local"))
        .filteredOn(volume -> volume.content().equals("backup"))
        .singleElement()
        .satisfies(volume -> assertThat(volume.volid()).isEqualTo(archive));
    assertThatThrownBy(() -> restore(GuestKind.CT, 100, archive))
        .hasMessageContaining("already exists on node 'node1'");
    cluster.run(
        "node1", node -> node.guests().destroy("root@pam", GuestKind.CT, 100, true, true, false));

    assertThatThrownBy(() -> restore(GuestKind.VM, 100, archive))
        .hasMessageContaining("does not exist");
    assertThatThrownBy(() -> restore(GuestKind.CT, 100, archive + "x"))
        .hasMessageContaining("does not exist");
    assertThat(restore(GuestKind.CT, 100, archive)).isEqualTo("OK");
    assertThat(cluster.node("node1").guests().config(GuestKind.CT, 100))
        .containsEntry("hostname", "web100")
        .containsEntry("rootfs", "tank:subvol-100-disk-0,size=8G");
    assertThat(cluster.guest(100).copies().get(0).lastWrite()).isEqualTo(held);
  }

  private String restore(GuestKind kind, int vmid, String archive) {
    return cluster.run(
        "node1", node -> node.guests().restore("root@pam", kind, vmid, Map.of(), archive, false));
  }

  @Test
  void cloneHasTheDataAndAnIdOfItsOwn() {
    cluster.createContainer("node1", 100);
    cluster.run("node1", node -> node.guests().stop("root@pam", GuestKind.CT, 100));
    Clone request =
        new Clone(
            105, Optional.of("twin"), true, Optional.empty(), Optional.empty(), Optional.empty());

    assertThat(
            cluster.run(
                "node1", node -> node.guests().clone("root@pam", GuestKind.CT, 100, request)))
        .isEqualTo("OK");

    assertThat(cluster.node("node1").guests().config(GuestKind.CT, 105))
        .containsEntry("hostname", "twin")
        .containsEntry("rootfs", "tank:subvol-105-disk-0,size=8G");
    assertThat(cluster.guest(105).copies().get(0).history())
        .isEqualTo(cluster.guest(100).copies().get(0).history());
  }

  @Test
  void destroyNeedsAStoppedGuestAndPurgeWhenHaKnowsIt() {
    cluster.createContainer("node1", 100);
    assertThatThrownBy(() -> destroy(false)).hasMessageContaining("container is running");
    cluster.run("node1", node -> node.guests().stop("root@pam", GuestKind.CT, 100));
    cluster.manage("ct:100");
    assertThatThrownBy(() -> destroy(false))
        .hasMessageContaining("used in HA resources and purge parameter not set");
    cluster.tell(
        "node1",
        node ->
            node.ha()
                .updateResource("ct:100", Map.of("state", "disabled"), Set.of(), Optional.empty()));
    cluster.pass(60);

    assertThat(cluster.outcome("node1", destroy(true))).isEqualTo("OK");

    assertThat(cluster.node("node2").ha().resources()).isEmpty();
    assertThat(cluster.world.truth().destroyed())
        .extracting(Ledger.Destroyed::what)
        .containsExactly("volume", "guest");
  }

  @Test
  void suspendedPoolStopsTheWritesAndTheAnswers() {
    cluster.createContainer("node1", 100);
    cluster.faults.pool("node1", "tank", "SUSPENDED");
    long held = cluster.node("node1").guests().lastWrite(100);
    cluster.pass(30);

    assertThat(cluster.guest(100).answersOn()).isEmpty();
    assertThat(cluster.node("node1").guests().lastWrite(100)).isEqualTo(held);
    cluster.faults.pool("node1", "tank", "ONLINE");
    cluster.pass(5);
    assertThat(cluster.guest(100).answersOn()).containsExactly("node1");
    assertThat(cluster.node("node1").guests().lastWrite(100)).isEqualTo(held + 5);
  }

  @Test
  void configurationOfADeadNodesGuestCanBeMovedByHandAndTheSecondCopyIsNoticed() {
    cluster.createContainer("node1", 100);
    cluster.replicate(100, "node2");
    cluster.pass(120);
    cluster.faults.network("node1", Direction.BOTH, false);
    cluster.pass(8);

    cluster.tell("node2", node -> node.guests().takeOver(GuestKind.CT, 100));
    cluster.run("node2", node -> node.guests().start("root@pam", GuestKind.CT, 100));

    assertThat(cluster.guest(100).runningOn()).containsExactly("node1", "node2");
    assertThat(cluster.world.truth().violations()).hasSize(1);
    assertThat(cluster.node("node1").guests().list(GuestKind.CT)).hasSize(1);
    cluster.faults.network("node1", Direction.BOTH, true);
    cluster.pass(5);
    assertThat(cluster.node("node1").guests().list(GuestKind.CT)).isEmpty();
  }

  @Test
  void requestsForAGuestUnderHaAreOnlyQueued() {
    cluster.createContainer("node1", 100);
    cluster.manage("ct:100");
    cluster.pass(60);

    Upid stop = cluster.on("node1", node -> node.guests().stop("root@pam", GuestKind.CT, 100));
    assertThat(stop.type()).isEqualTo("hastop");
    assertThat(cluster.outcome("node1", stop)).isEqualTo("OK");
    assertThat(cluster.guest(100).runningOn()).isNotEmpty();
    cluster.pass(Duration.ofSeconds(40));
    assertThat(cluster.guest(100).runningOn()).isEmpty();
    assertThat(cluster.node("node1").ha().resources().get("ct:100"))
        .containsEntry("state", "stopped");
  }

  private Upid createVm(String node, int vmid, String disk) {
    return cluster.on(
        node,
        host ->
            host.guests()
                .create(
                    "root@pam",
                    GuestKind.VM,
                    vmid,
                    Map.of("scsi0", disk, "memory", "2048"),
                    Optional.empty(),
                    false));
  }

  private String migrate(String node, GuestKind kind, Migrate request) {
    return cluster.run(node, host -> host.guests().migrate("root@pam", kind, 100, request));
  }

  private Upid destroy(boolean purge) {
    return cluster.on(
        "node1", node -> node.guests().destroy("root@pam", GuestKind.CT, 100, purge, false, false));
  }
}
