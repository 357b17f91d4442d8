package io.pveha.operator.host;

import io.pveha.api.v1alpha1.ProxmoxClusterSpec;
import io.pveha.core.cluster.NodeName;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Where nodes stand. */
public final class Sites {

  private Sites() {}

  /** Nodes of the cluster's spec that are not at its home site; none when sites do not matter. */
  public static Set<NodeName> remote(HostCluster host) {
    Set<NodeName> remote = new TreeSet<>();
    if (host.cluster().isEmpty()) {
      return remote;
    }
    ProxmoxClusterSpec spec = host.cluster().get().getSpec();
    Optional<String> home = spec.effectiveHomeSite();
    spec.nodes().stream()
        .filter(node -> home.isPresent() && node.site() != null)
        .filter(node -> !node.site().equals(home.get()))
        .forEach(node -> remote.add(new NodeName(node.name())));
    return remote;
  }
}
