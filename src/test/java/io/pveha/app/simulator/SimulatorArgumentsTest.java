package io.pveha.app.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pveha.simulator.machine.PveVersion;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SimulatorArgumentsTest {

  @Test
  void withoutOptionsItIsThreeMembersOf91AtTheirOwnPace() {
    SimulatorArguments arguments = SimulatorArguments.parse();
    assertThat(arguments.options().version()).isEqualTo(PveVersion.V9_1);
    assertThat(arguments.options().nodes()).isEqualTo(3);
    assertThat(arguments.options().bare()).isFalse();
    assertThat(arguments.options().speed()).isEqualTo(1);
    assertThat(arguments.options().port()).isEqualTo(8006);
  }

  @Test
  void everyOptionIsHeard() {
    SimulatorArguments arguments =
        SimulatorArguments.parse(
            "--pve",
            "8.3",
            "--nodes",
            "5",
            "--bare",
            "--speed",
            "10",
            "--port",
            "9000",
            "--admin-port",
            "9999",
            "--seed",
            "7",
            "--record",
            "r.jsonl",
            "--info",
            "i.json");
    assertThat(arguments.options().version()).isEqualTo(PveVersion.V8_3);
    assertThat(arguments.options().nodes()).isEqualTo(5);
    assertThat(arguments.options().bare()).isTrue();
    assertThat(arguments.options().speed()).isEqualTo(10);
    assertThat(arguments.options().adminPort()).isEqualTo(9999);
    assertThat(arguments.options().seed()).isEqualTo(7);
    assertThat(arguments.options().record()).contains(Path.of("r.jsonl"));
    assertThat(arguments.info()).contains(Path.of("i.json"));
  }

  @Test
  void wrongOptionsAreASentence() {
    assertThatThrownBy(() -> SimulatorArguments.parse("--pve", "7.4"))
        .hasMessage("no simulated release 7.4, take 8.3, 9.1 or 9.2");
    assertThatThrownBy(() -> SimulatorArguments.parse("--nodes", "none"))
        .hasMessage("--nodes needs a number from 1 to 32, not none");
    assertThatThrownBy(() -> SimulatorArguments.parse("--port")).hasMessage("--port needs a value");
    assertThatThrownBy(() -> SimulatorArguments.parse("--loud"))
        .hasMessage("unknown option --loud");
  }
}
