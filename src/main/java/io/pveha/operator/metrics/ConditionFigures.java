package io.pveha.operator.metrics;

import io.fabric8.kubernetes.api.model.Condition;
import io.micrometer.core.instrument.Tags;
import io.pveha.api.v1alpha1.ConditionStatus;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ReportedStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Conditions as figures: one series for each status that a condition can have. */
final class ConditionFigures {

  private ConditionFigures() {}

  /** What the four kinds have in common. */
  static List<Figure> of(Subject subject, ReportedStatus<?> status) {
    Tags tags = subject.tags().and("kind", subject.kind());
    List<Figure> figures = new ArrayList<>();
    figures.add(Figure.of("pveha.planned.changes", tags, status.plannedChanges().size()));
    status.conditions().forEach(c -> figures.addAll(of("pveha.condition", tags, c)));
    return figures;
  }

  static List<Figure> of(String name, Tags tags, Condition condition) {
    return Stream.of(ConditionStatus.values())
        .map(
            status ->
                Figure.of(
                    name,
                    tags.and("type", condition.getType(), "status", status.text()),
                    status.text().equals(condition.getStatus())))
        .toList();
  }

  /** Whether the condition is true; empty when nobody knows. */
  static Optional<Boolean> isTrue(ReportedStatus<?> status, ConditionType type) {
    return status.conditions().stream()
        .filter(condition -> condition.getType().equals(type.text()))
        .map(Condition::getStatus)
        .filter(word -> !word.equals(ConditionStatus.UNKNOWN.text()))
        .map(ConditionStatus.TRUE.text()::equals)
        .findFirst();
  }
}
