package io.pveha.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolPartTest {

  private static final PoolDisk SDB =
      new PoolDisk("/dev/sdb", "/dev/disk/by-id/ata-SSD_1000_S1ABCDEF", "S1ABCDEF");

  /** Disks with an exclamation mark are lost, those with a question mark have errors. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mirror-0 | sdb sdc       | false | false",
        "mirror-0 | sdb sdc!      | true  | true",
        "mirror-0 | sdb! sdc      | true  | false",
        "mirror-0 | sdb sdc! sdd  | false | false",
        "mirror-0 | sdb sdc! sdd! | true  | true",
        "mirror-0 | sdb? sdc      | false | false",
        "mirror-0 | sdb? sdc?     | false | true",
        "raidz1-0 | sdb sdc sdd   | false | false",
        "raidz1-0 | sdb sdc! sdd  | true  | true",
        "raidz-0  | sdb sdc! sdd  | true  | true",
        "raidz2-0 | sdb sdc! sdd sde  | false | false",
        "raidz2-0 | sdb sdc! sdd! sde | true  | true",
        "raidz3-0 | sdb sdc! sdd! sde sdf | false | false",
        "draid2:2d:5c:0s-0 | sdb sdc! sdd sde sdf | false | false",
        "draid1:2d:4c:0s-0 | sdb sdc! sdd sde | true | true",
      })
  void saysWhatALossCosts(String group, String disks, boolean exhausted, boolean needsSdb) {
    PoolPart pool = pool(group(group, disks));
    assertThat(pool.isExhausted()).isEqualTo(exhausted);
    assertThat(pool.needs(SDB)).isEqualTo(needsSdb);
  }

  @Test
  void aDiskAloneIsTheLastCopyAndAWellPoolWithoutRedundancyHasLostNothing() {
    PoolPart pool = pool(disk("sdb"), disk("sdc"));
    assertThat(pool.isExhausted()).isFalse();
    assertThat(pool.needs(SDB)).isTrue();
    assertThat(pool(disk("sdb?")).isExhausted()).isFalse();
    assertThat(pool(disk("sdb?")).needs(SDB)).isTrue();
    assertThat(pool(disk("sdc")).needs(SDB)).isFalse();
  }

  @Test
  void oneOfTwoGroupsIsEnoughAndWhatAPoolCanDoWithoutIsNot() {
    assertThat(pool(group("mirror-0", "sdb sdc"), group("mirror-1", "sdd sde!")).isExhausted())
        .isTrue();
    assertThat(pool(group("mirror-0", "sdb sdc"), group("mirror-1", "sdd sde!")).needs(SDB))
        .isFalse();
    assertThat(
            pool(group("mirror-0", "sda sdc"), new PoolPart("cache", "", List.of(disk("sdb!"))))
                .isExhausted())
        .isFalse();
    assertThat(
            pool(group("mirror-0", "sda sdc"), new PoolPart("logs", "", List.of(disk("sdb"))))
                .needs(SDB))
        .isFalse();
  }

  @Test
  void aDiskThatIsBeingReplacedCountsWhileOneOfTheTwoIsWell() {
    PoolPart replacing =
        new PoolPart("replacing-1", "DEGRADED", List.of(disk("sdx!"), disk("sdy")));
    PoolPart mirror = new PoolPart("mirror-0", "DEGRADED", List.of(disk("sdb"), replacing));
    assertThat(pool(mirror).isExhausted()).isFalse();
    assertThat(pool(mirror).needs(SDB)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "sdb, true",
    "/dev/sdb, true",
    "/dev/sdb1, true",
    "sdb12, true",
    "sdba, false",
    "sdbb1, false",
    "ata-SSD_1000_S1ABCDEF, true",
    "/dev/disk/by-id/ata-SSD_1000_S1ABCDEF-part3, true",
    "scsi-SATA_SSD_1000_S1ABCDEF-part3, true",
    "ata-SSD_1000_S1ABCDEFG, false",
    "wwn-0x5000, false"
  })
  void knowsADiskByItsNames(String name, boolean isSdb) {
    assertThat(SDB.isCalled(name)).isEqualTo(isSdb);
  }

  private static PoolPart pool(PoolPart... parts) {
    return new PoolPart("tank", "DEGRADED", List.of(parts));
  }

  private static PoolPart group(String name, String disks) {
    return new PoolPart(name, "", Arrays.stream(disks.split(" ")).map(PoolPartTest::disk).toList());
  }

  private static PoolPart disk(String name) {
    String state = name.endsWith("!") ? "FAULTED" : name.endsWith("?") ? "DEGRADED" : "ONLINE";
    return new PoolPart(name.replaceAll("[!?]", ""), state, List.of());
  }
}
