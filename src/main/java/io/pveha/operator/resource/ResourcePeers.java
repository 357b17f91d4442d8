package io.pveha.operator.resource;

import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceSpec;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.resource.WantedResource;
import io.pveha.operator.host.Peers;
import io.pveha.operator.polling.SlowFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The HaResources of the same ProxmoxCluster that concern one: those that it names, those that name
 * it, and those whose guests a rule binds to its own. They are found by indexes: all together would
 * look at each other as many times as there are of them.
 */
final class ResourcePeers {

  private static final String BY_GUEST = "guest";
  private static final String BY_COMPANY = "company";

  private final HaResource object;
  private final IndexedResourceCache<HaResource> cache;

  ResourcePeers(HaResource object, IndexedResourceCache<HaResource> cache) {
    this.object = object;
    this.cache = cache;
  }

  /** Has the cache find them. */
  static void index(IndexerResourceCache<HaResource> cache) {
    cache.addIndexers(
        Map.of(
            BY_GUEST,
            each ->
                List.of(
                    Peers.key(each, each.getSpec().clusterRef(), each.getSpec().guest().vmid())),
            BY_COMPANY,
            each ->
                company(each.getSpec())
                    .map(name -> Peers.key(each, each.getSpec().clusterRef(), name))
                    .distinct()
                    .toList()));
  }

  private static Stream<String> company(HaResourceSpec spec) {
    return Stream.concat(spec.placement().together().stream(), spec.placement().apart().stream());
  }

  /** All that are about the same guest, this one too. */
  List<HaResource> ofGuest() {
    return ofGuest(object.getSpec().guest().vmid());
  }

  private List<HaResource> ofGuest(int vmid) {
    return cache.byIndex(BY_GUEST, key(vmid));
  }

  private String key(Object part) {
    return Peers.key(object, object.getSpec().clusterRef(), part);
  }

  /** This one and those that it names, by name: what can be said before anything is read. */
  Map<String, HaResourceSpec> named() {
    Map<String, HaResourceSpec> found = new TreeMap<>();
    company(object.getSpec())
        .flatMap(name -> named(name).stream())
        .forEach(each -> add(each, found));
    add(object, found);
    return found;
  }

  private Optional<HaResource> named(String name) {
    return cache
        .get(new ResourceID(name, object.getMetadata().getNamespace()))
        .filter(each -> each.getSpec().clusterRef().equals(object.getSpec().clusterRef()));
  }

  /** All that concern it, by name. */
  Map<String, HaResourceSpec> all(SlowFacts facts) {
    Map<String, HaResourceSpec> found = named();
    String sid = object.getSpec().guest().sid();
    Stream.concat(
            found.values().stream().map(spec -> spec.guest().sid()).toList().stream(),
            facts.rulesNaming(sid).stream()
                .flatMap(
                    rule ->
                        Stream.concat(
                            rule.sids().stream(), WantedResource.sidOfRule(rule.rule()).stream())))
        .distinct()
        .flatMap(id -> GuestId.ofSid(id).stream())
        .flatMap(id -> ofGuest(id.vmid()).stream())
        .forEach(each -> add(each, found));
    ofGuest().stream()
        .map(each -> each.getMetadata().getName())
        .flatMap(name -> cache.byIndex(BY_COMPANY, key(name)).stream())
        .forEach(each -> add(each, found));
    add(object, found);
    return found;
  }

  private static void add(HaResource each, Map<String, HaResourceSpec> found) {
    found.put(each.getMetadata().getName(), each.getSpec());
  }
}
