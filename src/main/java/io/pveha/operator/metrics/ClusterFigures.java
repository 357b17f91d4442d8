package io.pveha.operator.metrics;

import io.micrometer.core.instrument.Tags;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.GuestOutcome;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.GuestReadiness;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Node;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Quorum;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Readiness;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A ProxmoxCluster and its nodes as figures. */
final class ClusterFigures {

  private final ProxmoxClusterStatus status;
  private final Clock clock;
  private final Tags tags;
  private final List<Figure> figures = new ArrayList<>();

  private ClusterFigures(Subject subject, ProxmoxClusterStatus status, Clock clock) {
    this.status = status;
    this.clock = clock;
    this.tags = Tags.of("namespace", subject.namespace(), "cluster", subject.name());
  }

  static List<Figure> of(Subject subject, ProxmoxClusterStatus status, Clock clock) {
    ClusterFigures cluster = new ClusterFigures(subject, status, clock);
    // Out of sight, the status is what it was: nobody knows whether it still holds.
    if (ConditionFigures.isTrue(status, ConditionType.CONNECTED).orElse(false)) {
      cluster.votes();
      cluster.members();
      cluster.readiness();
    }
    status.nodes().forEach(cluster::conditions);
    return cluster.figures;
  }

  private void votes() {
    Quorum quorum = status.quorum();
    if (quorum != null) {
      if (quorum.quorate() != null) {
        figures.add(Figure.of("pveha.cluster.quorate", tags, quorum.quorate()));
      }
      add("pveha.cluster.votes", quorum.votes());
      add("pveha.cluster.expected.votes", quorum.expectedVotes());
      add("pveha.cluster.needed.votes", quorum.votesNeeded());
      add("pveha.cluster.failures.tolerated", quorum.failuresTolerated());
    }
    if (status.armedState() != null) {
      figures.add(
          Figure.of("pveha.cluster.ha.armed", tags, !status.armedState().startsWith("disarm")));
    }
  }

  private void members() {
    if (status.nodes().isEmpty()) {
      return;
    }
    add("pveha.cluster.nodes", status.nodes().size());
    add(
        "pveha.cluster.nodes.online",
        (int) status.nodes().stream().filter(node -> Boolean.TRUE.equals(node.online())).count());
    for (Node node : status.nodes()) {
      Tags at = tags.and("node", node.name());
      if (node.online() != null) {
        figures.add(Figure.of("pveha.node.online", at, node.online()));
      }
      figures.add(Figure.of("pveha.node.ha.master", at, node.name().equals(status.haMaster())));
    }
  }

  private void readiness() {
    for (Readiness node : status.failoverReadiness()) {
      Tags at = tags.and("node", node.node());
      if (node.recovered() != null) {
        figures.add(Figure.of("pveha.node.guests.recovered", at, node.recovered()));
      }
      if (node.stranded() != null) {
        figures.add(Figure.of("pveha.node.guests.stranded", at, node.stranded()));
      }
      oldestReplica(node)
          .ifPresent(oldest -> figures.add(Figure.age("pveha.node.data.loss", at, oldest, clock)));
    }
  }

  private static Optional<Instant> oldestReplica(Readiness node) {
    return node.guests().stream()
        .filter(guest -> guest.outcome() == GuestOutcome.RECOVERED)
        .map(GuestReadiness::recoveryPoint)
        .filter(Objects::nonNull)
        .min(Comparator.naturalOrder());
  }

  private void conditions(Node node) {
    Tags at = tags.and("node", node.name());
    node.conditions()
        .forEach(c -> figures.addAll(ConditionFigures.of("pveha.node.condition", at, c)));
  }

  private void add(String name, Integer value) {
    if (value != null) {
      figures.add(Figure.of(name, tags, value));
    }
  }
}
