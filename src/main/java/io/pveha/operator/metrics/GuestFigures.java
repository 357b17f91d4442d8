package io.pveha.operator.metrics;

import io.micrometer.core.instrument.Tags;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.FailoverCause;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.api.v1alpha1.HaResourceStatus.Failover;
import java.util.ArrayList;
import java.util.List;

/** A HaResource as figures. */
final class GuestFigures {

  private GuestFigures() {}

  static List<Figure> of(Subject subject, HaResource resource) {
    HaResourceStatus status = resource.reported();
    Tags tags = tags(subject, resource);
    List<Figure> figures = new ArrayList<>();
    figures.add(
        Figure.of(
            "pveha.guest.info",
            tags.and(
                Figure.tag("node", status.node()),
                Figure.tag("state", status.state()),
                Figure.tag("wanted", resource.getSpec().state().word())),
            1));
    figures.add(Figure.of("pveha.guest.failover.in.progress", tags, isOnTheWay(status)));
    if (status.probe() != null && status.probe().answering() != null) {
      figures.add(Figure.of("pveha.guest.probe.up", tags, status.probe().answering()));
    }
    if (resource.getSpec().rtoSeconds() != null) {
      figures.add(Figure.seconds("pveha.guest.rto", tags, resource.getSpec().rtoSeconds()));
    }
    status.failovers().stream().findFirst().ifPresent(last -> figures.addAll(of(tags, last)));
    return figures;
  }

  static Tags tags(Subject subject, HaResource resource) {
    return subject
        .tags(resource.getSpec().clusterRef().name())
        .and("guest", resource.getSpec().guest().sid());
  }

  private static List<Figure> of(Tags tags, Failover last) {
    List<Figure> figures = new ArrayList<>();
    if (last.outageSeconds() != null) {
      figures.add(Figure.seconds("pveha.guest.last.outage", tags, last.outageSeconds()));
    }
    if (last.dataLossSeconds() != null) {
      figures.add(Figure.seconds("pveha.guest.last.data.loss", tags, last.dataLossSeconds()));
    }
    return figures;
  }

  /** Whether it is down, or may be, since its node was lost. */
  static boolean isInIncident(HaResourceStatus status) {
    boolean lost =
        status.failoverInProgress() != null
            && status.failoverInProgress().cause() == FailoverCause.NODE_LOST;
    return (lost || isFailingOver(status)) && !"error".equals(status.state());
  }

  private static boolean isOnTheWay(HaResourceStatus status) {
    return status.failoverInProgress() != null || isFailingOver(status);
  }

  private static boolean isFailingOver(HaResourceStatus status) {
    return ConditionFigures.isTrue(status, ConditionType.FAILING_OVER).orElse(false);
  }
}
