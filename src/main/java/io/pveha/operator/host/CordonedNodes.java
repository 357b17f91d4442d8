package io.pveha.operator.host;

import io.pveha.api.v1alpha1.HealthAction;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Treatment;
import io.pveha.core.cluster.NodeName;
import java.util.SortedMap;
import java.util.TreeMap;

/** Nodes that take no new guests. */
public final class CordonedNodes {

  private CordonedNodes() {}

  /** By decision of the cluster's health rules, or of its spec; with the reason in words. */
  public static SortedMap<NodeName, String> of(ProxmoxCluster cluster) {
    SortedMap<NodeName, String> nodes = new TreeMap<>();
    if (cluster.reported().health() != null) {
      cluster.reported().health().nodes().stream()
          .filter(treatment -> treatment.action() != HealthAction.REPORT)
          .forEach(treatment -> nodes.put(new NodeName(treatment.node()), words(treatment)));
    }
    cluster
        .getSpec()
        .maintenance()
        .forEach(node -> nodes.put(new NodeName(node), "it is in spec.maintenance"));
    return nodes;
  }

  private static String words(Treatment treatment) {
    return treatment.cause() == null
        ? "it takes no new guests"
        : "it takes no new guests because of %s".formatted(treatment.cause());
  }
}
