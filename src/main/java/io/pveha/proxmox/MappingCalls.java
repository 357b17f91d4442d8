package io.pveha.proxmox;

import io.pveha.core.cluster.NodeName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Names that the cluster gives to devices and directories of its nodes. Those that the caller may
 * not see are left out.
 */
public final class MappingCalls {

  private final ProxmoxApi api;

  public MappingCalls(ProxmoxApi api) {
    this.api = api;
  }

  /** By name of a PCI device, the nodes that have one. */
  public Query<Map<String, Set<NodeName>>> pci() {
    return nodes("pci");
  }

  /** By name of a USB device, the nodes that have one. */
  public Query<Map<String, Set<NodeName>>> usb() {
    return nodes("usb");
  }

  /** By name of a directory, the nodes that have it; only newer versions know of it. */
  public Query<Map<String, Set<NodeName>>> directories() {
    return nodes("dir");
  }

  private Query<Map<String, Set<NodeName>>> nodes(String kind) {
    return Query.of(
        api,
        ApiRequest.get("/cluster/mapping/" + kind),
        answer -> {
          Map<String, Set<NodeName>> nodes = new TreeMap<>();
          Answers.rows(answer, Mapping.class, Mapping::id)
              .forEach(mapping -> nodes.put(mapping.id(), mapping.nodes()));
          return nodes;
        });
  }

  private record Mapping(String id, List<String> map) {

    Set<NodeName> nodes() {
      return (map == null ? List.<String>of() : map)
          .stream()
              .map(entry -> Answers.nodeName(PropertyString.parse(entry).parts().get("node")))
              .filter(Objects::nonNull)
              .map(NodeName::new)
              .collect(Collectors.toSet());
    }
  }
}
