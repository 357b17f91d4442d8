package io.pveha.core.ha;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrmCommandTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "migrate vm:101 node2",
        "relocate ct:5 node1",
        "stop vm:101 60",
        "enable-node-maintenance node1",
        "disable-node-maintenance node1",
        "disarm-ha freeze",
        "disarm-ha ignore",
        "arm-ha"
      })
  void readsItsOwnLines(String line) {
    CrmCommand command = CrmCommand.parse(line);
    assertThat(command).isNotInstanceOf(CrmCommand.Unparsable.class);
    assertThat(command.line()).isEqualTo(line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "migrate vm:101", "migrate vm101 node1", "stop vm:1 soon", "disarm-ha maybe"})
  void keepsWhatItCantRead(String line) {
    assertThat(CrmCommand.parse(line)).isEqualTo(new CrmCommand.Unparsable(line));
  }
}
