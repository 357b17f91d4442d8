package io.pveha.simulator.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.machine.Ledger;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.machine.WorldSpec;
import io.pveha.simulator.machine.WorldSpec.NodeSpec;
import io.pveha.simulator.storage.NodeDisks.CreatePool;
import io.pveha.simulator.world.TestCluster;
import io.pveha.simulator.world.Truth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PoolsAndStorageTest {

  private final TestCluster cluster =
      new TestCluster(
          WorldSpec.formed(PveVersion.V9_1, 2, 1)
              .withNodes(List.of(NodeSpec.standard(1, 4), NodeSpec.standard(2, 4))));

  /** As in Proxmox, where a storage lists the direct children of its dataset. */
  @Test
  void storageListsWhatLiesOnItsOwnDatasetOnly() {
    TestCluster cluster = TestCluster.withPool(PveVersion.V9_1, 3, 1);
    cluster.tell(
        "node1",
        node -> node.storage().create("vmdata", Map.of("type", "zfspool", "pool", "tank/vm")));
    cluster.run(
        "node1",
        node ->
            node.guests()
                .create(
                    TestCluster.USER,
                    GuestKind.VM,
                    300,
                    Map.of("scsi0", "vmdata:4"),
                    Optional.empty(),
                    false));

    assertThat(cluster.node("node1").storage().content("vmdata"))
        .extracting(NodeStorage.Volume::volid)
        .containsExactly("vmdata:vm-300-disk-0");
    assertThat(cluster.node("node1").storage().content("tank")).isEmpty();
    assertThat(cluster.guest(300).copies())
        .extracting(Truth.Copy::volume)
        .containsExactly("tank/vm/vm-300-disk-0");
  }

  @Test
  void poolTakesFreeDisksAndMarksThemUsed() {
    assertThat(create("node1", "tank", "mirror", false, "/dev/sdb", "/dev/sdc")).isEqualTo("OK");

    assertThat(cluster.node("node1").disks().list())
        .extracting(NodeDisks.Disk::used)
        .containsExactly("BIOS boot", "ZFS", "ZFS", null, null);
    NodeDisks.PoolDetail tank = cluster.node("node1").disks().pool("tank");
    assertThat(tank.state()).isEqualTo("ONLINE");
    assertThat(tank.errors()).isEqualTo("No known data errors");
    assertThat(tank.children().get(0).children().get(0).name()).isEqualTo("mirror-0");
  }

  @Test
  void usedDisksWrongNumbersAndTakenNamesAreRefused() {
    create("node1", "tank", "single", false, "/dev/sdb");

    refuses("other", "single", "device '/dev/sdb' is already in use", "/dev/sdb");
    refuses("other", "single", "device '/dev/sda' is already in use", "/dev/sda");
    refuses("tank", "single", "pool 'tank' already exists on node 'node1'", "/dev/sdc");
    refuses("other", "single", "single needs exactly 1 disk", "/dev/sdc", "/dev/sdd");
    refuses("other", "raidz", "raidz needs at least 3 disks", "/dev/sdc", "/dev/sdd");
    refuses("other", "single", "device '/dev/sdz' does not exist", "/dev/sdz");
    refuses("mirrored", "single", "cannot create 'mirrored': name is reserved", "/dev/sdc");
  }

  @Test
  void addStorageLimitsTheEntryToItsNodeAndExtendsItOnTheNext() {
    create("node1", "tank", "single", true, "/dev/sdb");
    assertThat(nodesOf("tank")).isEqualTo("node1");
    create("node2", "tank", "single", true, "/dev/sdb");
    assertThat(nodesOf("tank")).isEqualTo("node1,node2");
  }

  @Test
  void addStorageRefusesAnEntryForAllNodes() {
    create("node1", "tank", "single", false, "/dev/sdb");
    addStorage(Map.of("type", "zfspool", "pool", "tank"));

    assertThatThrownBy(() -> create("node2", "tank", "single", true, "/dev/sdb"))
        .hasMessage("storage 'tank' already exists on node 'node2'");
  }

  @Test
  void storageIsActiveWhereItsPoolIsUsable() {
    create("node1", "tank", "single", false, "/dev/sdb");
    addStorage(Map.of("type", "zfspool", "pool", "tank"));

    assertThat(cluster.node("node1").storage().status("tank").active()).isTrue();
    assertThat(cluster.node("node1").storage().status("tank").total()).isGreaterThan(100L << 30);
    assertThat(cluster.node("node2").storage().status("tank").active()).isFalse();
    cluster.faults.pool("node1", "tank", "SUSPENDED");
    assertThat(cluster.node("node1").storage().status("tank").active()).isFalse();
    assertThat(cluster.node("node1").disks().pool("tank").state()).isEqualTo("SUSPENDED");
    cluster.faults.pool("node1", "tank", "ONLINE");
    cluster.faults.storage("node1", "tank", false);
    assertThat(cluster.node("node1").storage().status("tank").active()).isFalse();
  }

  @Test
  void storageIsActivatedByTheNodeThatCreatesIt() {
    create("node1", "tank", "single", false, "/dev/sdb");

    assertThatThrownBy(
            () ->
                cluster.on(
                    "node2",
                    node ->
                        node.storage().create("tank", Map.of("type", "zfspool", "pool", "tank"))))
        .hasMessageContaining("cannot import 'tank': no such pool available");
  }

  @Test
  void storageUpdatesKeepDigestsAndCanDeleteKeys() {
    create("node1", "tank", "single", true, "/dev/sdb");
    String digest = cluster.node("node1").config().digest(Section.STORAGE);

    cluster.on(
        "node2",
        node ->
            node.storage()
                .update("tank", Map.of("sparse", "1"), Set.of("nodes"), Optional.of(digest)));

    assertThat(cluster.node("node1").config().entry(Section.STORAGE, "tank").orElseThrow())
        .containsEntry("sparse", "1")
        .doesNotContainKey("nodes");
    assertThatThrownBy(
            () ->
                cluster.on(
                    "node2",
                    node -> node.storage().update("tank", Map.of(), Set.of(), Optional.of(digest))))
        .hasMessageContaining("detected modified configuration");
  }

  @Test
  void storageNeedsWhatItsTypeNeedsAndKeepsIt() {
    assertThatThrownBy(() -> addStorage(Map.of("type", "zfspool")))
        .hasMessage("missing value for required option 'pool'");
    assertThatThrownBy(() -> addStorage(Map.of("type", "dir")))
        .hasMessage("missing value for required option 'path'");
    assertThatThrownBy(() -> addStorage(Map.of("type", "zfspool", "pool", "tank", "path", "/mnt")))
        .hasMessage("unexpected property 'path'");

    create("node1", "tank", "single", true, "/dev/sdb");

    assertThatThrownBy(() -> change(Map.of("pool", "other"), Set.of()))
        .hasMessage("can't change value of fixed parameter 'pool'");
    assertThatThrownBy(() -> change(Map.of(), Set.of("pool")))
        .hasMessage("unable to delete required option 'pool'");
    assertThatThrownBy(() -> change(Map.of(), Set.of("colour")))
        .hasMessage("no such option 'colour'");
    assertThatThrownBy(() -> change(Map.of("nodes", "node1"), Set.of("nodes")))
        .hasMessage("cannot set and delete property 'nodes' at the same time!");
  }

  private void change(Map<String, String> set, Set<String> delete) {
    cluster.on("node1", node -> node.storage().update("tank", set, delete, Optional.empty()));
  }

  @Test
  void failingDiskDegradesAMirrorAndSuspendsASingle() {
    create("node1", "tank", "mirror", false, "/dev/sdb", "/dev/sdc");
    create("node1", "alone", "single", false, "/dev/sdd");

    cluster.faults.disk("node1", "/dev/sdb", true, true);
    cluster.faults.disk("node1", "/dev/sdd", true, true);

    assertThat(cluster.node("node1").disks().pool("tank").state()).isEqualTo("DEGRADED");
    assertThat(cluster.node("node1").disks().pool("alone").state()).isEqualTo("SUSPENDED");
    assertThat(cluster.node("node1").disks().list().get(1).health()).isEqualTo("FAILED");
  }

  @Test
  void destroyedPoolIsInTheLedgerAndItsDisksAreFreeOnlyWhenCleaned() {
    create("node1", "tank", "single", true, "/dev/sdb");
    create("node2", "tank", "single", true, "/dev/sdb");

    assertThat(
            cluster.run("node1", node -> node.disks().destroyPool("root@pam", "tank", true, true)))
        .isEqualTo("OK");
    assertThat(
            cluster.run("node2", node -> node.disks().destroyPool("root@pam", "tank", true, false)))
        .isEqualTo("OK");

    assertThat(cluster.node("node1").disks().list().get(1).used()).isNull();
    assertThat(cluster.node("node2").disks().list().get(1).used()).isEqualTo("ZFS");
    assertThat(cluster.node("node1").config().entry(Section.STORAGE, "tank")).isEmpty();
    assertThat(cluster.world.truth().destroyed())
        .extracting(Ledger.Destroyed::what)
        .containsExactly("pool", "pool");
    assertThat(cluster.run("node2", node -> node.disks().wipe("root@pam", "/dev/sdb")))
        .isEqualTo("OK");
    assertThat(cluster.node("node2").disks().list().get(1).used()).isNull();
  }

  private String create(
      String node, String pool, String level, boolean addStorage, String... disks) {
    return cluster.run(
        node,
        host ->
            host.disks()
                .createPool(
                    "root@pam",
                    new CreatePool(pool, level, List.of(disks), 12, "on", addStorage, Map.of())));
  }

  private void refuses(String pool, String level, String message, String... disks) {
    assertThatThrownBy(() -> create("node1", pool, level, false, disks)).hasMessage(message);
  }

  private void addStorage(Map<String, String> properties) {
    cluster.on("node1", node -> node.storage().create("tank", properties));
  }

  private String nodesOf(String storage) {
    return cluster.node("node2").config().property(Section.STORAGE, storage, "nodes").orElse("");
  }

  @Test
  void poolKnowsItsDiskWhateverTheKernelCallsIt() {
    TestCluster cluster = TestCluster.withPool(PveVersion.V9_1, 3, 1);
    String spare = serial(cluster, "/dev/sdb");

    cluster.faults.diskNames("node1", "/dev/sda", "/dev/sdb");
    cluster.faults.disk("node1", "/dev/sda", true, false);

    assertThat(serial(cluster, "/dev/sda")).isEqualTo(spare);
    assertThat(cluster.node("node1").disks().pool("tank").state()).isEqualTo("DEGRADED");
  }

  private static String serial(TestCluster cluster, String devpath) {
    return cluster.node("node1").disks().list().stream()
        .filter(disk -> disk.devpath().equals(devpath))
        .map(NodeDisks.Disk::serial)
        .findFirst()
        .orElseThrow();
  }
}
