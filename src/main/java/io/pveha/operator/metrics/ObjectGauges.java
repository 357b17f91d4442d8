package io.pveha.operator.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The gauges of each object. Its series are those of its last report: what that does not mention is
 * removed, so a value that is no longer known is absent. Only what changed is registered again.
 */
final class ObjectGauges {

  private record Shown(MultiGauge gauge, List<Sample> samples) {}

  private final MeterRegistry registry;
  private final Clock clock;
  private final Map<ObjectRef, Map<String, Shown>> objects = new HashMap<>();

  ObjectGauges(MeterRegistry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /** Shows these samples of an object and none of its former ones that are not among them. */
  synchronized void report(ObjectRef object, List<Sample> samples) {
    Map<String, Shown> shown = objects.computeIfAbsent(object, o -> new HashMap<>());
    Map<String, List<Sample>> byName =
        samples.stream().collect(Collectors.groupingBy(Sample::name));
    Set<String> names = new HashSet<>(shown.keySet());
    names.addAll(byName.keySet());
    names.forEach(name -> exchange(shown, name, byName.getOrDefault(name, List.of())));
    if (shown.isEmpty()) {
      objects.remove(object);
    }
  }

  private void exchange(Map<String, Shown> shown, String name, List<Sample> samples) {
    Shown former = shown.get(name);
    if (former != null && former.samples().equals(samples)) {
      return;
    }
    MultiGauge gauge =
        former != null
            ? former.gauge()
            : MultiGauge.builder(name).description(Help.of(name)).register(registry);
    gauge.register(
        samples.stream()
            .map(each -> MultiGauge.Row.of(each.tags(), each, sample -> sample.read(clock)))
            .toList(),
        true);
    if (samples.isEmpty()) {
      shown.remove(name);
    } else {
      shown.put(name, new Shown(gauge, samples));
    }
  }
}
