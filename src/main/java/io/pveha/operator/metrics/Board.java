package io.pveha.operator.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * The gauges of all objects. An object's series are those of its last report: what that does not
 * mention is taken off, so a figure that nobody knows any more is absent.
 */
final class Board {

  /** A series that is registered; its value may be exchanged. */
  private static final class Shown {
    private volatile DoubleSupplier value;
    private Meter meter;

    private Shown(DoubleSupplier value) {
      this.value = value;
    }

    private double read() {
      return value.getAsDouble();
    }
  }

  private final MeterRegistry registry;
  private final Map<Subject, Map<Figure.Key, Shown>> subjects = new HashMap<>();

  Board(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Shows these figures of an object, and none of its former ones that are not among them. */
  synchronized void show(Subject subject, List<Figure> figures) {
    Map<Figure.Key, Shown> former = subjects.getOrDefault(subject, Map.of());
    Map<Figure.Key, Shown> now = new HashMap<>();
    for (Figure figure : figures) {
      Shown shown = former.get(figure.key());
      if (shown == null) {
        shown = new Shown(figure.value());
        shown.meter = register(figure, shown);
      } else {
        shown.value = figure.value();
      }
      now.put(figure.key(), shown);
    }
    former.forEach(
        (key, shown) -> {
          if (!now.containsKey(key)) {
            registry.remove(shown.meter);
          }
        });
    subjects.put(subject, now);
  }

  /** The object is gone. */
  synchronized void remove(Subject subject) {
    Map<Figure.Key, Shown> former = subjects.remove(subject);
    if (former != null) {
      former.values().forEach(shown -> registry.remove(shown.meter));
    }
  }

  private Meter register(Figure figure, Shown shown) {
    Gauge.Builder<Shown> gauge =
        Gauge.builder(figure.name(), shown, Shown::read)
            .tags(figure.tags())
            .description(Help.of(figure.name()))
            .strongReference(true);
    return (figure.unit().isEmpty() ? gauge : gauge.baseUnit(figure.unit())).register(registry);
  }
}
