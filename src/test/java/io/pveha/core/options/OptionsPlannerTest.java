package io.pveha.core.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.plan.Memory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OptionsPlannerTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  @Test
  void touchesNothingThatNobodyAskedFor() {
    assertThat(steps(WantedOptions.NONE, Map.of("crs", "ha=static"))).isEmpty();
  }

  @Test
  void keepsThePartsOfAnOptionThatOthersWrote() {
    WantedOptions wanted =
        new WantedOptions(Optional.of("static"), Optional.empty(), Optional.of("migrate"));

    assertThat(steps(wanted, Map.of("crs", "ha-rebalance-on-start=1", "ha", "x=y")))
        .containsExactly(
            new SetOption("crs", "ha-rebalance-on-start=1,ha=static"),
            new SetOption("ha", "x=y,shutdown_policy=migrate"));
  }

  @Test
  void takesProxmoxsDefaultsAsSet() {
    WantedOptions wanted =
        new WantedOptions(Optional.of("basic"), Optional.of(false), Optional.of("conditional"));

    assertThat(steps(wanted, Map.of())).isEmpty();
  }

  private static List<SetOption> steps(WantedOptions wanted, Map<String, String> options) {
    return OptionsPlanner.plan(wanted, options, Memory.EMPTY, NOW, NOW).now();
  }
}
