package io.pveha.simulator.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.simulator.faults.Faults;
import io.pveha.simulator.faults.Faults.Direction;
import io.pveha.simulator.machine.Certificates;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.machine.WorldSpec;
import io.pveha.simulator.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScaledClockTest {

  @Test
  void runsTheWorldFasterThanRealTimeAndLetsWritersWait() {
    Instant start = Instant.parse("2026-01-05T10:00:00Z");
    try (ScaledClock clock = new ScaledClock(start, 200, System::nanoTime)) {
      World world =
          World.create(WorldSpec.formed(PveVersion.V9_1, 3, 1), clock, Certificates.none());
      new Faults(world).network("node1", Direction.BOTH, false);
      Instant begun = world.now();

      world.request(
          () -> {
            world.node("node2").overview().setOptions(Map.of("console", "html5"), Set.of());
            return null;
          });

      assertThat(Duration.between(begun, world.now())).isGreaterThan(Duration.ofSeconds(5));
      assertThat(world.read(() -> world.node("node3").overview().options()))
          .containsEntry("console", "html5");
    }
  }
}
