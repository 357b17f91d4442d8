package io.pveha.operator.resource;

import io.pveha.api.v1alpha1.HaResource;
import io.pveha.core.cluster.GuestKind;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.guest.GuestFacts;
import io.pveha.core.guest.WantedGuest;
import io.pveha.core.resource.ResourceFacts;
import io.pveha.core.resource.ResourceFacts.PlacedBy;
import io.pveha.core.resource.WantedResource;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.proxmox.GuestCalls.Guest;
import io.pveha.proxmox.HaCalls.Resource;
import io.pveha.proxmox.PlacementCalls.Means;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What of a cluster's facts concerns one guest and its HA resource. */
final class ResourceFactsReader {

  private ResourceFactsReader() {}

  /** All members, those of the home site first. */
  static List<NodeName> members(ClusterFacts facts, Set<NodeName> remote) {
    return facts.names().stream()
        .sorted(
            Comparator.comparing((NodeName node) -> remote.contains(node))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  static GuestFacts guest(
      WantedGuest wanted, ClusterFacts facts, SortedMap<NodeName, String> keptAway) {
    Map<NodeName, Set<String>> storages = new HashMap<>();
    facts.slow().nodes().forEach((node, found) -> storages.put(node, found.activeStorages()));
    OptionalInt source =
        wanted.create().map(WantedGuest.Create::cloneOf).orElse(OptionalInt.empty());
    return new GuestFacts(
        facts.fast().guest(wanted.vmid()).map(ResourceFactsReader::found),
        facts.members(),
        keptOff(wanted.sid(), facts.slow(), keptAway),
        storages,
        source.isPresent()
            ? facts.fast().guest(source.getAsInt()).map(ResourceFactsReader::found)
            : Optional.empty(),
        facts.slow().resource(wanted.sid()).isPresent()
            || facts.fast().service(wanted.sid()).isPresent(),
        Optional.empty(),
        Optional.empty());
  }

  /** With the nodes that a rule keeps the guest off, which may be left from before. */
  private static SortedMap<NodeName, String> keptOff(
      String sid, SlowFacts slow, SortedMap<NodeName, String> keptAway) {
    SortedMap<NodeName, String> all = new TreeMap<>(keptAway);
    slow.rulesNaming(sid).stream()
        .filter(rule -> rule.isNodeAffinity() && rule.isNegative() && !rule.disable())
        .forEach(
            rule ->
                rule.priorities()
                    .keySet()
                    .forEach(
                        node ->
                            all.putIfAbsent(
                                node, "rule %s keeps %s off it".formatted(rule.rule(), sid))));
    return all;
  }

  /**
   * What is said of the resource, and of those that it is to be together with or apart from: rules
   * that name none of them, and have no name of ours, are no matter of it.
   */
  static ResourceFacts resource(
      HaResource object,
      WantedResource wanted,
      ClusterFacts facts,
      Set<NodeName> remote,
      SortedMap<NodeName, String> keptAway) {
    SlowFacts slow = facts.slow();
    Set<String> sids = new TreeSet<>(wanted.placement().together());
    sids.addAll(wanted.placement().apart());
    sids.add(wanted.sid());
    return new ResourceFacts(
        members(facts, remote),
        remote,
        placedBy(slow.means()),
        slow.resource(wanted.sid()).map(found -> resource(found, slow.means())),
        slow.means() == Means.GROUPS ? groups(sids, wanted, slow) : rules(sids, wanted, slow),
        GuestCopiesReader.of(object.getSpec(), object.reported(), facts),
        keptAway,
        affinities(wanted, slow),
        sids.stream()
            .filter(sid -> slow.resource(sid).isPresent())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  private static List<ResourceFacts.Affinity> affinities(WantedResource wanted, SlowFacts slow) {
    return slow
        .rulesAbout(
            Set.of(wanted.sid()), Set.of(wanted.affinityName(true), wanted.affinityName(false)))
        .stream()
        .filter(rule -> !rule.isNodeAffinity())
        .map(
            rule ->
                new ResourceFacts.Affinity(
                    rule.rule(),
                    new TreeSet<>(rule.sids()),
                    "positive".equals(rule.affinity()),
                    rule.disable(),
                    rule.unknownProperties()))
        .toList();
  }

  /** Last syncs of the guest's jobs, as the node that has the guest tells. */
  static Map<String, Optional<Instant>> recoveryPoints(int vmid, ClusterFacts facts) {
    Map<String, Optional<Instant>> points = new TreeMap<>();
    facts
        .fast()
        .guest(vmid)
        .map(Guest::node)
        .map(facts.slow().nodes()::get)
        .map(node -> node.runs(vmid))
        .orElse(List.of())
        .forEach(job -> points.put(job.id(), job.lastSync()));
    return points;
  }

  private static GuestFacts.Found found(Guest guest) {
    return new GuestFacts.Found(
        guest.id().kind() == GuestKind.CT,
        guest.node(),
        guest.isRunning(),
        guest.template(),
        guest.lock());
  }

  private static PlacedBy placedBy(Means means) {
    return switch (means) {
      case GROUPS -> PlacedBy.GROUPS;
      case RULES -> PlacedBy.RULES;
      case MIGRATION_PENDING -> PlacedBy.MIGRATING;
    };
  }

  private static ResourceFacts.Resource resource(Resource found, Means means) {
    return new ResourceFacts.Resource(
        found.requestedState(),
        found.maxRestartOrDefault(),
        found.maxRelocateOrDefault(),
        means == Means.GROUPS ? Optional.empty() : Optional.of(found.failbackOrDefault()),
        Optional.ofNullable(found.group()).filter(group -> !group.isBlank()),
        found.unknownProperties());
  }

  private static List<ResourceFacts.Entry> groups(
      Set<String> sids, WantedResource wanted, SlowFacts slow) {
    return Stream.concat(
            sids.stream()
                .flatMap(sid -> slow.resource(sid).stream())
                .flatMap(resource -> Optional.ofNullable(resource.group()).stream()),
            Stream.of(wanted.placementName()))
        .distinct()
        .sorted()
        .flatMap(name -> slow.group(name).stream())
        .map(
            group ->
                new ResourceFacts.Entry(
                    group.group(),
                    slow.inGroup(group.group()).stream()
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

  private static List<ResourceFacts.Entry> rules(
      Set<String> sids, WantedResource wanted, SlowFacts slow) {
    return slow.rulesAbout(sids, Set.of(wanted.placementName())).stream()
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
}
