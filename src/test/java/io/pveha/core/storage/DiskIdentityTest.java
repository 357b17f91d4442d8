package io.pveha.core.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.storage.PoolFacts.Disk;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What makes two devices one disk, and which name is which disk's. */
class DiskIdentityTest {

  private static final List<Disk> DISKS =
      List.of(
          disk("/dev/nvme0n1", "nvme-ACME_NVME_N1", "ACME NVME", "N1234", "eui.0025385b11b1"),
          disk("/dev/sdb", "ata-ACME_SSD_1T_S123", "ACME_SSD_1T", "S123", "0x5000c500a1b2c3d4"),
          disk("/dev/sdc", "scsi-3600140500000001", "LUN", "LUN7", "0x600140500000001"),
          disk("/dev/sdd", "scsi-3600140500000001", "LUN", "LUN7", "0x600140500000001"),
          disk("/dev/sde", "usb-JMicron_0", "JMicron", "DB9876", "unknown"),
          disk("/dev/sdf", "usb-JMicron_1", "JMicron", "DB9876", "unknown"),
          disk("/dev/vdb", "virtio-vol5", "", "vol5", ""));

  @ParameterizedTest(name = "{7}: {6}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /dev/sdb     | a | S1 | /dev/sdb     | b  | S2 | true  | same path
          /dev/sdb     |   | S1 | /dev/sdc     |    | S2 | false | nothing in common
          /dev/sdb     |   |    | /dev/sdc     |    |    | false | nothing is told
          """)
  void pathsTell(
      String path,
      String wwn,
      String serial,
      String otherPath,
      String otherWwn,
      String otherSerial,
      boolean same,
      String why) {
    assertSame(
        disk(path, null, "", text(serial), text(wwn)),
        disk(otherPath, null, "", text(otherSerial), text(otherWwn)),
        same);
  }

  @ParameterizedTest(name = "{4}: {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0x5000c500a1b2c3d4 | S1 | 0x5000C500A1B2C3D4 | S1 | true  | two paths of one LUN
          0x5000c500a1b2c3d4 | S1 | naa.5000c500a1b2c3d4 | S1 | true | one name, written in two ways
          0x5000c500a1b2c3d4 |    | 0x5000c500a1b2c3d4 | S1 | true  | a serial number is not told
          0x5000c500a1b2c3d4 | S1 | 0x5000c500a1b2c3d4 | S2 | false | one WWN for a whole series
          0x5000c500a1b2c3d4 | S1 | 0x5000c500a1b2c3d5 | S1 | false | two LUNs of one array
          unknown            | S1 | unknown            | S1 | false | USB bridges of one series
          0x0000000000000000 | S1 | 0x0000000000000000 | S1 | false | a WWN that names nothing
                             | S1 |                    | S1 | false | the serial number alone
          """)
  void wwnAndSerialTell(
      String wwn, String serial, String otherWwn, String otherSerial, boolean same, String why) {
    assertSame(
        disk("/dev/sdb", "scsi-a", "", text(serial), text(wwn)),
        disk("/dev/sdc", "scsi-b", "", text(otherSerial), text(otherWwn)),
        same);
  }

  @ParameterizedTest(name = "{0} and {1}: {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /dev/nvme0n1 | /dev/nvme0n2 | true  | namespaces of one disk
          /dev/nvme0n1 | /dev/nvme1n1 | false | two disks
          /dev/nvme1n1 | /dev/nvme11n1 | false | two disks
          """)
  void controllersTell(String path, String other, boolean same, String why) {
    assertSame(disk(path, null, "", "", ""), disk(other, null, "", "", ""), same);
  }

  @ParameterizedTest
  @CsvSource({
    "scsi-3600140500000001, scsi-3600140500000001, true",
    "scsi-3600140500000001, scsi-3600140500000002, false"
  })
  void linksTell(String link, String other, boolean same) {
    assertSame(disk("/dev/sdb", link, "", "", ""), disk("/dev/sdc", other, "", "", ""), same);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "/dev/sdb, /dev/sdb",
    "/dev/disk/by-id/ata-ACME_SSD_1T_S123, /dev/sdb",
    "/dev/disk/by-id/wwn-0x5000c500a1b2c3d4, /dev/sdb",
    "/dev/disk/by-id/scsi-35000c500a1b2c3d4, /dev/sdb",
    "/dev/disk/by-id/scsi-SATA_ACME_SSD_1T_S123, /dev/sdb",
    "/dev/disk/by-id/scsi-0ATA_ACME_SSD_1T_S123, /dev/sdb",
    "/dev/disk/by-id/nvme-eui.0025385b11b1, /dev/nvme0n1",
    "/dev/disk/by-id/nvme-ACME_NVME_N1234, /dev/nvme0n1",
    "/dev/disk/by-id/nvme-ACME_NVME_N1234_1, /dev/nvme0n1",
    "/dev/disk/by-id/wwn-0x600140500000001, /dev/sdc",
    "/dev/disk/by-id/dm-uuid-mpath-3600140500000001, /dev/sdc",
    "/dev/disk/by-id/scsi-3600140500000001, /dev/sdc",
    "/dev/disk/by-id/usb-JMicron_DB9876-0:0, ",
    "/dev/disk/by-id/virtio-vol5, /dev/vdb",
    "/dev/disk/by-path/pci-0000:00:1f.2-ata-2, ",
    "/dev/disk/by-id/ata-OTHER_SSD_S123, ",
    "/dev/disk/by-id/ata-ACME_SSD_1T_XS123, ",
    "/dev/mapper/mpatha, ",
    "/dev/sdb1, "
  })
  void everyNameIsThatOfOneDiskOrOfNone(String name, String path) {
    assertThat(new DiskName(name).in(DISKS).map(Disk::path)).isEqualTo(Optional.ofNullable(path));
  }

  @ParameterizedTest
  @CsvSource({
    "/dev/sdb1, /dev/sdb",
    "/dev/nvme0n1p3, /dev/nvme0n1",
    "/dev/mmcblk0p1, /dev/mmcblk0",
    "/dev/disk/by-id/nvme-eui.0025385b11b1-part3, /dev/disk/by-id/nvme-eui.0025385b11b1",
    "/dev/sdb, ",
    "/dev/nvme0n1, "
  })
  void aPartitionIsAnsweredWithItsDisk(String name, String whole) {
    assertThat(new DiskName(name).whole()).isEqualTo(Optional.ofNullable(whole));
  }

  private static void assertSame(Disk one, Disk other, boolean same) {
    assertThat(DiskIdentity.isSame(one, other)).isEqualTo(same);
    assertThat(DiskIdentity.isSame(other, one)).isEqualTo(same);
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }

  static Disk disk(String path, String link, String model, String serial, String wwn) {
    return new Disk(
        path,
        Optional.ofNullable(link).map(id -> "/dev/disk/by-id/" + id),
        1L << 40,
        "ssd",
        model,
        serial,
        Optional.of(wwn),
        Optional.empty());
  }
}
