package io.pveha.operator.metrics;

import io.micrometer.core.instrument.Tags;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.JobState;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReplicationJobStatus.Job;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** A ReplicationJob as figures. */
final class ReplicationFigures {

  private ReplicationFigures() {}

  static List<Figure> of(Subject subject, ReplicationJob replication, Clock clock) {
    Tags tags = subject.tags(replication.getSpec().clusterRef().name());
    List<Figure> figures = new ArrayList<>();
    if (replication.getSpec().rpoSeconds() != null) {
      figures.add(
          Figure.seconds("pveha.replication.rpo", tags, replication.getSpec().rpoSeconds()));
    }
    ConditionFigures.isTrue(replication.reported(), ConditionType.RPO_MET)
        .ifPresent(met -> figures.add(Figure.of("pveha.replication.rpo.met", tags, met)));
    replication.reported().jobs().forEach(job -> figures.addAll(of(tags, job, clock)));
    return figures;
  }

  private static List<Figure> of(Tags tags, Job job, Clock clock) {
    Tags at =
        tags.and("job", job.id())
            .and(Figure.tag("source", job.source()), Figure.tag("target", job.target()));
    List<Figure> figures = new ArrayList<>();
    if (job.lastSync() != null) {
      figures.add(Figure.age("pveha.replication.lag", at, job.lastSync(), clock));
    }
    if (job.durationSeconds() != null) {
      figures.add(Figure.seconds("pveha.replication.duration", at, job.durationSeconds()));
    }
    if (job.failCount() != null) {
      figures.add(Figure.of("pveha.replication.consecutive.failures", at, job.failCount()));
    }
    if (job.state() != null) {
      figures.addAll(
          Words.figures(
              "pveha.replication.job.state",
              tags.and("job", job.id()),
              JobState.values(),
              job.state()));
    }
    return figures;
  }
}
