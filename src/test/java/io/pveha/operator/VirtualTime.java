package io.pveha.operator;

import io.pveha.simulator.api.SimulatedCluster;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Time that passes only when somebody lets it. */
final class VirtualTime extends Clock {

  private final Supplier<Instant> now;
  private final Consumer<Duration> passing;

  private VirtualTime(Supplier<Instant> now, Consumer<Duration> passing) {
    this.now = now;
    this.passing = passing;
  }

  /** The simulator's time, as everybody on a {@link VirtualStage} knows it. */
  VirtualTime(SimulatedCluster simulator) {
    this(
        () -> simulator.virtualClock().now(),
        time -> {
          simulator.virtualClock().advance(time);
          simulator.adapt();
        });
  }

  /** Time without a simulator. */
  static VirtualTime from(Instant start) {
    AtomicReference<Instant> now = new AtomicReference<>(start);
    return new VirtualTime(now::get, time -> now.updateAndGet(former -> former.plus(time)));
  }

  /** Lets time pass for all. */
  void advance(Duration time) {
    passing.accept(time);
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
    return now.get();
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
