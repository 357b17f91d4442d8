package io.pveha.operator.resource;

import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.GuestKind;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceSpec;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.guest.WantedGuest;
import io.pveha.core.resource.WantedResource;
import io.pveha.operator.host.OrderAnnotation;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The spec of an HaResource as its two planners take it. */
final class WantedGuests {

  private WantedGuests() {}

  static final OrderAnnotation RECREATE = new OrderAnnotation(ApiNames.RECREATE);

  /**
   * The guest.
   *
   * @param members all, those of the home site first
   */
  static WantedGuest guest(HaResource object, List<NodeName> members) {
    HaResourceSpec spec = object.getSpec();
    HaResourceSpec.Guest guest = spec.guest();
    return new WantedGuest(
        guest.vmid(),
        guest.kind() == GuestKind.CT,
        Optional.ofNullable(guest.create())
            .map(create -> create(object, create, candidates(spec, create, members))),
        RECREATE.value(object).isPresent());
  }

  /**
   * The resource.
   *
   * @param all the HaResources of this namespace and cluster, by name
   */
  static WantedResource resource(HaResourceSpec spec, Map<String, HaResourceSpec> all) {
    Map<String, String> sids = new TreeMap<>();
    all.forEach((name, other) -> sids.put(name, other.guest().sid()));
    HaResourceSpec.Placement placement = spec.placement();
    return new WantedResource(
        spec.guest().sid(),
        spec.state().word(),
        spec.maxRestart(),
        spec.maxRelocate(),
        // Proxmox's own failback knows of no replica, delay or window.
        false,
        new WantedResource.Placement(
            placement.nodes().stream()
                .map(
                    node ->
                        new WantedResource.Preference(new NodeName(node.name()), node.priority()))
                .toList(),
            placement.strict(),
            placement.followReplicas(),
            Optional.ofNullable(placement.maxReplicaAgeSeconds()).map(Duration::ofSeconds),
            named(placement.together(), sids),
            named(placement.apart(), sids)),
        all.entrySet().stream()
            .map(other -> neighbour(other.getKey(), other.getValue().placement(), sids))
            .toList());
  }

  private static WantedResource.Neighbour neighbour(
      String name, HaResourceSpec.Placement placement, Map<String, String> sids) {
    return new WantedResource.Neighbour(
        name,
        sids.get(name),
        placement.nodes().stream().map(HaResourceSpec.PreferredNode::priority).distinct().count()
            > 1,
        Stream.concat(
                named(placement.together(), sids).stream(), named(placement.apart(), sids).stream())
            .collect(Collectors.toSet()));
  }

  /** A name that no object has stays as it is, and is waited for. */
  private static List<String> named(List<String> names, Map<String, String> sids) {
    return names.stream().map(name -> sids.getOrDefault(name, "HaResource " + name)).toList();
  }

  /** The node that is named, or else all that placement allows, preferred ones first. */
  private static List<NodeName> candidates(
      HaResourceSpec spec, HaResourceSpec.Create create, List<NodeName> members) {
    if (create.node() != null) {
      return List.of(new NodeName(create.node()));
    }
    List<NodeName> preferred =
        spec.placement().nodes().stream()
            .sorted(
                Comparator.comparing((HaResourceSpec.PreferredNode node) -> -node.priority())
                    .thenComparing(HaResourceSpec.PreferredNode::name))
            .map(node -> new NodeName(node.name()))
            .toList();
    return preferred.isEmpty() || !spec.placement().strict()
        ? Stream.concat(preferred.stream(), members.stream()).distinct().toList()
        : preferred;
  }

  private static WantedGuest.Create create(
      HaResource object, HaResourceSpec.Create create, List<NodeName> candidates) {
    Optional<HaResourceSpec.Clone> clone = Optional.ofNullable(create.cloneFrom());
    return new WantedGuest.Create(
        candidates,
        create.hostname() == null ? object.getMetadata().getName() : create.hostname(),
        Optional.ofNullable(create.template()),
        clone.map(c -> OptionalInt.of(c.vmid())).orElse(OptionalInt.empty()),
        clone.map(HaResourceSpec.Clone::full).orElse(true),
        Optional.ofNullable(create.storage()),
        create.diskGiB() == null ? OptionalLong.empty() : OptionalLong.of(create.diskGiB()),
        create.cores(),
        create.memoryMiB(),
        create.network().stream().map(WantedGuests::network).toList(),
        create.unprivileged(),
        create.start());
  }

  private static WantedGuest.Network network(HaResourceSpec.NetworkInterface network) {
    return new WantedGuest.Network(
        network.bridge(),
        Optional.ofNullable(network.name()),
        Optional.ofNullable(network.ip()),
        Optional.ofNullable(network.gateway()),
        network.vlan() == null ? OptionalInt.empty() : OptionalInt.of(network.vlan()));
  }
}
