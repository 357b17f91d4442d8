package io.pveha.operator.metrics;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Tags;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Node;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Quorum;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Readiness;
import io.pveha.operator.polling.Predictions;
import java.util.ArrayList;
import java.util.List;

/** Metrics of a ProxmoxCluster and its nodes. */
final class ClusterMetrics {

  private final ProxmoxClusterStatus status;
  private final ResourceID id;
  private final Predictions predictions;
  private final Tags tags;
  private final List<Sample> samples = new ArrayList<>();

  private ClusterMetrics(ObjectRef object, ProxmoxClusterStatus status, Predictions predictions) {
    this.status = status;
    this.id = new ResourceID(object.name(), object.namespace());
    this.predictions = predictions;
    this.tags = object.cluster(object.name());
  }

  static List<Sample> of(ObjectRef object, ProxmoxClusterStatus status, Predictions predictions) {
    ClusterMetrics cluster = new ClusterMetrics(object, status, predictions);
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
      predictions
          .oldestReplica(id, node.node())
          .ifPresent(oldest -> samples.add(Sample.age("pveha.node.data.loss.seconds", at, oldest)));
    }
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
