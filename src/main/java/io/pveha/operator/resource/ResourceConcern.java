package io.pveha.operator.resource;

import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceSpec;
import io.pveha.core.resource.WantedResource;
import io.pveha.operator.polling.ClusterKey;
import io.pveha.operator.polling.Concern;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What of a cluster an HaResource reads. */
final class ResourceConcern {

  private ResourceConcern() {}

  /**
   * What it reads.
   *
   * @param named the HaResources that it names, by name
   */
  static Concern of(HaResource object, Map<String, HaResourceSpec> named) {
    HaResourceSpec spec = object.getSpec();
    int vmid = spec.guest().vmid();
    WantedResource wanted = WantedGuests.resource(spec, named);
    Set<ClusterKey> keys = new HashSet<>();
    keys.add(ClusterKey.NODES);
    keys.add(ClusterKey.STORAGES);
    keys.add(ClusterKey.guest(vmid));
    keys.add(ClusterKey.replication(vmid));
    keys.add(ClusterKey.ha(wanted.sid()));
    keys.add(ClusterKey.rule(wanted.placementName()));
    keys.add(ClusterKey.rule(wanted.affinityName(true)));
    keys.add(ClusterKey.rule(wanted.affinityName(false)));
    wanted.placement().together().forEach(sid -> keys.add(ClusterKey.ha(sid)));
    wanted.placement().apart().forEach(sid -> keys.add(ClusterKey.ha(sid)));
    if (!named.keySet().containsAll(spec.placement().together())
        || !named.keySet().containsAll(spec.placement().apart())) {
      // Whose resource that will be is not known before it is there.
      keys.add(ClusterKey.RESOURCES);
    }
    if (spec.guest().create() != null && spec.guest().create().cloneFrom() != null) {
      keys.add(ClusterKey.guest(spec.guest().create().cloneFrom().vmid()));
    }
    return Concern.of(keys);
  }
}
