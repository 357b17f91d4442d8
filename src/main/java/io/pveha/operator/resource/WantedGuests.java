package io.pveha.operator.resource;

import io.pveha.api.v1alpha1.GuestKind;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceSpec;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.guest.WantedGuest;
import io.pveha.core.resource.WantedResource;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The spec of an HaResource as its two planners take it. */
final class WantedGuests {

  private WantedGuests() {}

  /**
   * The guest.
   *
   * @param members to choose from when neither spec.guest.create nor placement names a node
   */
  static WantedGuest guest(HaResource object, List<NodeName> members) {
    HaResourceSpec spec = object.getSpec();
    HaResourceSpec.Guest guest = spec.guest();
    return new WantedGuest(
        guest.vmid(),
        guest.kind() == GuestKind.CT,
        Optional.ofNullable(guest.create())
            .map(create -> create(object, create, node(spec, create, members))));
  }

  /**
   * The resource.
   *
   * @param sids ids of the HaResources of this namespace and cluster, by name
   */
  static WantedResource resource(HaResourceSpec spec, Map<String, String> sids) {
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
            named(placement.apart(), sids)));
  }

  /** A name that nobody bears stays as it is, and is waited for. */
  private static List<String> named(List<String> names, Map<String, String> sids) {
    return names.stream().map(name -> sids.getOrDefault(name, "HaResource " + name)).toList();
  }

  private static NodeName node(
      HaResourceSpec spec, HaResourceSpec.Create create, List<NodeName> members) {
    if (create.node() != null) {
      return new NodeName(create.node());
    }
    return spec.placement().nodes().stream()
        .min(
            Comparator.comparing((HaResourceSpec.PreferredNode node) -> -node.priority())
                .thenComparing(HaResourceSpec.PreferredNode::name))
        .map(node -> new NodeName(node.name()))
        .orElseGet(() -> members.get(0));
  }

  private static WantedGuest.Create create(
      HaResource object, HaResourceSpec.Create create, NodeName on) {
    Optional<HaResourceSpec.Clone> clone = Optional.ofNullable(create.cloneFrom());
    return new WantedGuest.Create(
        on,
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
