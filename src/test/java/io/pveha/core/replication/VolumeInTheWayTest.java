package io.pveha.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumeInTheWayTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "volume 'tank:vm-202-disk-0' already exists | tank:vm-202-disk-0",
        "cannot receive new filesystem stream: destination 'tank/vm-202-disk-0' exists |"
            + " tank/vm-202-disk-0",
        "cannot create 'x': dataset tank/vm-202-disk-0 already exists | tank/vm-202-disk-0",
      })
  void namesWhatIsInTheWayAndWhere(String error, String volume) {
    assertThat(VolumeInTheWay.remedy(error, "202-0", "node2"))
        .hasValueSatisfying(
            remedy ->
                assertThat(remedy)
                    .startsWith("On node2, " + volume + " is in the way")
                    .contains("Check what it holds")
                    .endsWith("or delete job 202-0."));
  }

  @Test
  void hasNoAdviceForOtherErrors() {
    assertThat(VolumeInTheWay.remedy("ssh: exit code 255", "202-0", "node2")).isEmpty();
    assertThat(VolumeInTheWay.remedy(null, "202-0", "node2")).isEmpty();
  }
}
