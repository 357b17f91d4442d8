package io.pveha.operator.metrics;

import io.micrometer.core.instrument.Tags;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.GuestOutcome;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.GuestReadiness;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Node;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Quorum;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Readiness;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Metrics of a ProxmoxCluster and its nodes. */
final class ClusterMetrics {

  private final ProxmoxClusterStatus status;
  private final Tags tags;
  private final List<Sample> samples = new ArrayList<>();

  private ClusterMetrics(ObjectRef object, ProxmoxClusterStatus status) {
    this.status = status;
    this.tags = object.cluster(object.name());
  }

  static List<Sample> of(ObjectRef object, ProxmoxClusterStatus status) {
    ClusterMetrics cluster = new ClusterMetrics(object, status);
    // Without a connection the status is what it was, which may no longer hold.
    if (ConditionMetrics.isTrue(status, ConditionType.CONNECTED).orElse(false)) {
      cluster.votes();
      cluster.members();
      cluster.readiness();
    }
    status.nodes().forEach(cluster::conditions);
    return cluster.samples;
  }

  private void votes() {
    Quorum quorum = status.quorum();
    if (quorum != null) {
      if (quorum.quorate() != null) {
        samples.add(Sample.of("pveha.cluster.quorate", tags, quorum.quorate()));
      }
      add("pveha.cluster.votes", quorum.votes());
      add("pveha.cluster.expected.votes", quorum.expectedVotes());
      add("pveha.cluster.needed.votes", quorum.votesNeeded());
      add("pveha.cluster.failures.tolerated", quorum.failuresTolerated());
    }
    if (status.armedState() != null) {
      samples.add(
          Sample.of("pveha.cluster.ha.armed", tags, !status.armedState().startsWith("disarm")));
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
        samples.add(Sample.of("pveha.node.online", at, node.online()));
      }
      samples.add(Sample.of("pveha.node.ha.master", at, node.name().equals(status.haMaster())));
    }
  }

  private void readiness() {
    for (Readiness node : status.failoverReadiness()) {
      Tags at = tags.and("node", node.node());
      if (node.recovered() != null) {
        samples.add(Sample.of("pveha.node.guests.recovered", at, node.recovered()));
      }
      if (node.stranded() != null) {
        samples.add(Sample.of("pveha.node.guests.stranded", at, node.stranded()));
      }
      oldestReplica(node)
          .ifPresent(oldest -> samples.add(Sample.age("pveha.node.data.loss.seconds", at, oldest)));
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
    samples.addAll(ConditionMetrics.ofNode(tags.and("node", node.name()), node.conditions()));
  }

  private void add(String name, Integer value) {
    if (value != null) {
      samples.add(Sample.of(name, tags, value));
    }
  }
}
