package io.pveha.core.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.storage.PoolFacts.Disk;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DiskChoiceTest {

  private static final Disk SDB =
      DiskIdentityTest.disk("/dev/sdb", "ata-ACME_S123", "ACME", "S123", "0x5000c500a1b2c3d4");
  private static final Disk SDC =
      DiskIdentityTest.disk(
          "/dev/sdc", "scsi-3600140500000001", "ACME", "LUN7", "0x600140500000001");
  private static final Disk SDD =
      DiskIdentityTest.disk(
          "/dev/sdd", "scsi-3600140500000001", "ACME", "LUN7", "0x600140500000001");

  @Test
  void refusesOneDiskByTwoNames() {
    DiskChoice choice = named("/dev/sdb", "/dev/disk/by-id/ata-ACME_S123");

    assertThat(choice.disks()).isEmpty();
    assertThat(choice.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.reason()).isEqualTo(ConditionReason.DISK_TWICE);
              assertThat(finding.message())
                  .contains("/dev/sdb and /dev/disk/by-id/ata-ACME_S123 are the same disk");
            });
    assertThat(named("/dev/sdc", "/dev/sdd").disks()).isEmpty();
    assertThat(named("/dev/sdb", "/dev/disk/by-id/wwn-0x5000c500a1b2c3d4").disks()).isEmpty();
  }

  @Test
  void handsProxmoxNamesThatItShows() {
    assertThat(named("/dev/sdb", "/dev/disk/by-id/wwn-0x600140500000001").disks())
        .contains(List.of("/dev/sdb", "/dev/disk/by-id/scsi-3600140500000001"));
  }

  @Test
  void takesADiskByNoneOfItsPathsWhileOneIsInUse() {
    List<Disk> found = List.of(SDB, SDC, usedAs(SDD, "ZFS"));

    DiskChoice named = DiskChoice.of(node(List.of("/dev/sdc"), 0), found, false);
    assertThat(named.disks()).isEmpty();
    assertThat(reasons(named)).containsExactly(ConditionReason.DISK_IN_USE);
    assertThat(named.findings().get(0).message()).contains("/dev/sdd");

    assertThat(DiskChoice.of(node(List.of(), 1), found, false).disks())
        .contains(List.of("/dev/sdb"));
    assertThat(reasons(DiskChoice.of(node(List.of(), 2), found, false)))
        .containsExactly(ConditionReason.TOO_FEW_DISKS);
  }

  @Test
  void countsTwoPathsOfOneDiskOnce() {
    DiskChoice choice = DiskChoice.of(node(List.of(), 2), List.of(SDC, SDD), false);

    assertThat(choice.disks()).isEmpty();
    assertThat(reasons(choice)).containsExactly(ConditionReason.TOO_FEW_DISKS);
    assertThat(choice.findings().get(0).message())
        .contains("/dev/sdc and /dev/sdd are two paths of one disk");
  }

  @Test
  void saysWhichNameToWrite() {
    assertThat(named("/dev/sdb1").findings().get(0).message()).contains("write /dev/sdb.");
    assertThat(named("/dev/mapper/mpatha").findings().get(0).message())
        .contains("/dev/sdb (/dev/disk/by-id/ata-ACME_S123)");
  }

  private static DiskChoice named(String... paths) {
    return DiskChoice.of(node(List.of(paths), 0), List.of(SDB, SDC, SDD), false);
  }

  private static WantedPool.Node node(List<String> paths, int selected) {
    return new WantedPool.Node(
        new NodeName("node1"),
        paths,
        selected == 0
            ? Optional.empty()
            : Optional.of(
                new WantedPool.Selector(
                    selected,
                    Optional.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    Optional.empty(),
                    Optional.empty())));
  }

  private static Disk usedAs(Disk disk, String use) {
    return new Disk(
        disk.path(),
        disk.byId(),
        disk.sizeBytes(),
        disk.type(),
        disk.model(),
        disk.serial(),
        disk.wwn(),
        Optional.of(use));
  }

  private static List<ConditionReason> reasons(DiskChoice choice) {
    return choice.findings().stream().map(Finding::reason).toList();
  }
}
