package io.pveha.operator.cluster;

import io.pveha.api.v1alpha1.Formation;
import io.pveha.api.v1alpha1.ProxmoxClusterSpec;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.formation.WantedCluster;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The spec of a ProxmoxCluster as its planner takes it. */
final class WantedClusters {

  private WantedClusters() {}

  static WantedCluster of(ProxmoxClusterSpec spec) {
    return new WantedCluster(
        spec.clusterName(),
        spec.formation() == Formation.CREATE,
        spec.nodes().stream().map(WantedClusters::node).toList());
  }

  private static WantedCluster.Node node(ProxmoxClusterSpec.Node node) {
    List<WantedCluster.Link> links =
        node.links().stream()
            .map(
                link ->
                    new WantedCluster.Link(
                        link.address(),
                        link.priority() == null
                            ? OptionalInt.empty()
                            : OptionalInt.of(link.priority())))
            .toList();
    return new WantedCluster.Node(
        new NodeName(node.name()),
        node.address(),
        links,
        node.votes(),
        Optional.ofNullable(node.site()));
  }
}
