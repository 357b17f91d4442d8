package io.pveha.operator.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sums over the objects of a cluster, kept up to date by the difference that a report makes. A
 * total exists, be it zero, as long as an object has a share in it.
 */
final class ClusterTotals {

  /** One series. */
  record Total(String name, Tags tags) {}

  private static final class Sum {
    private final AtomicInteger value = new AtomicInteger();
    private Gauge gauge;
    private int shares;
  }

  private final MeterRegistry registry;
  private final Map<Total, Sum> sums = new HashMap<>();
  private final Map<ObjectRef, Map<Total, Integer>> shares = new HashMap<>();

  ClusterTotals(MeterRegistry registry) {
    this.registry = registry;
  }

  /** What an object adds to the totals from now on; nothing when it is gone. */
  synchronized void report(ObjectRef object, Map<Total, Integer> share) {
    Map<Total, Integer> former =
        share.isEmpty() ? shares.remove(object) : shares.put(object, share);
    share.forEach(this::add);
    if (former != null) {
      former.forEach(this::subtract);
    }
  }

  private void add(Total total, int value) {
    Sum sum = sums.computeIfAbsent(total, this::register);
    sum.value.addAndGet(value);
    sum.shares++;
  }

  private void subtract(Total total, int value) {
    Sum sum = sums.get(total);
    sum.value.addAndGet(-value);
    sum.shares--;
    if (sum.shares == 0) {
      registry.remove(sum.gauge);
      sums.remove(total);
    }
  }

  private Sum register(Total total) {
    Sum sum = new Sum();
    sum.gauge =
        Gauge.builder(total.name(), sum.value, AtomicInteger::get)
            .description(Help.of(total.name()))
            .tags(total.tags())
            .strongReference(true)
            .register(registry);
    return sum;
  }
}
