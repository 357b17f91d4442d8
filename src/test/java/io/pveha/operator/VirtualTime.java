package io.pveha.operator;

import io.pveha.simulator.api.SimulatedCluster;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The simulator's time, as everybody on a {@link VirtualStage} knows it. */
final class VirtualTime extends Clock {

  private final SimulatedCluster simulator;

  VirtualTime(SimulatedCluster simulator) {
    this.simulator = simulator;
  }

  /** Lets time pass for all. */
  void advance(Duration time) {
    simulator.virtualClock().advance(time);
    simulator.adapt();
  }

  /** Lets time pass until then; nothing happens when that is over. */
  void advanceTo(Instant then) {
    Duration rest = Duration.between(instant(), then);
    if (!rest.isNegative() && !rest.isZero()) {
      advance(rest);
    }
  }

  @Override
  public Instant instant() {
    return simulator.virtualClock().now();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
