package io.pveha.operator.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceSpec;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.guest.WantedGuest;
import io.pveha.core.plan.Memory;
import io.pveha.core.resource.PlacementChoice;
import io.pveha.core.resource.ResourceFacts;
import io.pveha.core.resource.ResourcePlanner;
import io.pveha.core.resource.WantedResource;
import io.pveha.operator.polling.ChangingCluster;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.operator.polling.WakingCheck;
import io.pveha.operator.polling.WakingCheck.Subject;
import io.pveha.operator.polling.Watchers;
import io.pveha.proxmox.HaCalls.Resource;
import io.pveha.proxmox.PlacementCalls.Means;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What an HaResource reads of a cluster, and what wakes it. */
class ResourceWakingTest {

  private static final Instant NOW = Instant.parse("2026-01-05T09:00:00Z");

  private static final Map<String, HaResource> OBJECTS =
      objects(
          "r100 {guest: {kind: CT, vmid: 100}}",
          "r101 {guest: {kind: CT, vmid: 101}, placement: {nodes: [{name: n1, priority: 2}], strict: true}}",
          "r102 {guest: {kind: CT, vmid: 102}, placement: {together: [r103]}}",
          "r103 {guest: {kind: CT, vmid: 103}, placement: {apart: [r100], followReplicas: false}}",
          "r104 {guest: {kind: CT, vmid: 104}, placement: {apart: [ghost]}}",
          "r200 {guest: {kind: CT, vmid: 200, create: {cloneFrom: {vmid: 105}, storage: tank}}}");

  @Test
  void nobodySleepsThroughWhatItReads() {
    WakingCheck.nobodySleepsThrough(
        Watchers.Kind.RESOURCE,
        OBJECTS.entrySet().stream()
            .map(
                object ->
                    new Subject(
                        object.getKey(),
                        ResourceConcern.of(object.getValue(), specs()),
                        facts -> reads(object.getValue(), facts)))
            .toList());
  }

  @Test
  void rulesThatDoNotNameItChangeNothingForIt() {
    for (long seed = 0; seed < 60; seed++) {
      ChangingCluster cluster = new ChangingCluster(seed);
      for (int i = 0; i < 60; i++) {
        ClusterFacts facts = cluster.next().facts().orElseThrow();
        for (HaResource object : OBJECTS.values()) {
          WantedResource wanted = wanted(object);
          assertThat(decided(wanted, narrow(object, facts), facts))
              .as("seed %d, look %d, %s", seed, i, object.getMetadata().getName())
              .isEqualTo(decided(wanted, whole(object, facts), facts));
        }
      }
    }
  }

  /** All that it reads, and what it comes to. */
  private static Object reads(HaResource object, ClusterFacts facts) {
    HaResourceSpec spec = object.getSpec();
    WantedGuest guest = WantedGuests.guest(object, facts.names());
    return List.of(
        ResourceFactsReader.guest(guest, facts, new TreeMap<>()),
        facts.sight().doubt(guest.absence()),
        narrow(object, facts),
        decided(wanted(object), whole(object, facts), facts),
        ResourceFactsReader.recoveryPoints(spec.guest().vmid(), facts),
        facts.fast().service(spec.guest().sid()));
  }

  private static Object decided(WantedResource wanted, ResourceFacts slice, ClusterFacts facts) {
    return List.of(
        ResourcePlanner.plan(wanted, slice, Memory.EMPTY, NOW, NOW),
        PlacementChoice.of(wanted, slice, NOW));
  }

  private static WantedResource wanted(HaResource object) {
    return WantedGuests.resource(object.getSpec(), specs());
  }

  private static ResourceFacts narrow(HaResource object, ClusterFacts facts) {
    return ResourceFactsReader.resource(object, wanted(object), facts, Set.of(), new TreeMap<>());
  }

  /** With every rule, group and resource of the cluster. */
  private static ResourceFacts whole(HaResource object, ClusterFacts facts) {
    ResourceFacts narrow = narrow(object, facts);
    SlowFacts slow = facts.slow();
    return new ResourceFacts(
        narrow.members(),
        narrow.remote(),
        narrow.placedBy(),
        narrow.resource(),
        slow.means() == Means.GROUPS ? groups(slow) : rules(slow),
        narrow.copies(),
        narrow.keptAway(),
        slow.rules().stream()
            .filter(rule -> !rule.isNodeAffinity())
            .map(
                rule ->
                    new ResourceFacts.Affinity(
                        rule.rule(),
                        new TreeSet<>(rule.sids()),
                        "positive".equals(rule.affinity()),
                        rule.disable(),
                        rule.unknownProperties()))
            .toList(),
        slow.resources().stream().map(Resource::sid).collect(Collectors.toSet()));
  }

  private static List<ResourceFacts.Entry> groups(SlowFacts slow) {
    return slow.groups().stream()
        .map(
            group ->
                new ResourceFacts.Entry(
                    group.group(),
                    slow.resources().stream()
                        .filter(resource -> group.group().equals(resource.group()))
                        .map(Resource::sid)
                        .collect(Collectors.toCollection(TreeSet::new)),
                    named(group.priorities()),
                    group.restricted(),
                    !group.nofailback(),
                    false,
                    false,
                    group.unknownProperties()))
        .toList();
  }

  private static List<ResourceFacts.Entry> rules(SlowFacts slow) {
    return slow.rules().stream()
        .filter(rule -> !rule.isResourceAffinity())
        .map(
            rule ->
                new ResourceFacts.Entry(
                    rule.rule(),
                    new TreeSet<>(rule.sids()),
                    named(rule.priorities()),
                    rule.strict(),
                    true,
                    rule.disable(),
                    rule.isNegative(),
                    rule.unknownProperties()))
        .toList();
  }

  private static SortedMap<String, Integer> named(Map<NodeName, Integer> priorities) {
    SortedMap<String, Integer> named = new TreeMap<>();
    priorities.forEach((node, priority) -> named.put(node.value(), priority));
    return named;
  }

  private static Map<String, HaResourceSpec> specs() {
    Map<String, HaResourceSpec> specs = new TreeMap<>();
    OBJECTS.forEach((name, object) -> specs.put(name, object.getSpec()));
    return specs;
  }

  private static Map<String, HaResource> objects(String... all) {
    Map<String, HaResource> objects = new TreeMap<>();
    for (String each : all) {
      String name = each.substring(0, each.indexOf(' '));
      HaResource object =
          Serialization.unmarshal(
              """
              apiVersion: pveha.io/v1alpha1
              kind: HaResource
              metadata: {name: %s, namespace: ns}
              spec: %s
              """
                  .formatted(
                      name,
                      each.substring(name.length())
                          .strip()
                          .replaceFirst("\\{", "{clusterRef: {name: c}, ")),
              HaResource.class);
      objects.put(name, object);
    }
    return objects;
  }
}
