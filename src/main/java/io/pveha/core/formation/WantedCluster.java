package io.pveha.core.formation;

import io.pveha.core.cluster.NodeName;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a cluster should be.
 *
 * @param name name of the cluster
 * @param create whether it may be made from bare nodes; else it must exist
 * @param nodes its members; the first one creates it
 */
public record WantedCluster(String name, boolean create, List<Node> nodes) {

  public WantedCluster {
    nodes = List.copyOf(nodes);
  }

  public Optional<Node> node(NodeName name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  /** A member, reached at {@code address}. */
  public record Node(
      NodeName name, String address, List<Link> links, int votes, Optional<String> site) {

    public Node {
      links = List.copyOf(links);
    }
  }

  /** An address on a cluster network; the number of the link is its place in the list. */
  public record Link(String address, OptionalInt priority) {}
}
