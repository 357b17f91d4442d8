package io.pveha.operator.host;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.failover.Surroundings;
import io.pveha.core.safety.Listing;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.Derived;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.proxmox.StorageCalls.Storage;
import io.pveha.proxmox.StorageCalls.StorageStatus;
import io.pveha.proxmox.StorageCalls.Volume;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the nodes of a watched cluster have that guests may need where they start. */
public final class NodeResourcesReader {

  private static final String REPLICABLE = "zfspool";

  private static final Derived.From<SlowFacts, NodeResourcesReader> WORKED_OUT =
      NodeResourcesReader::new;

  private final SlowFacts facts;
  private final Set<String> shared;
  private final Set<String> unreplicable;
  private final Map<String, Set<String>> active;
  private final Map<String, Set<String>> volumes;
  private final Map<String, Map<String, Set<String>>> files;
  private final Map<String, Set<String>> mappings;

  private NodeResourcesReader(SlowFacts facts) {
    this.facts = facts;
    this.shared = shared();
    this.unreplicable = unreplicable();
    this.active = active();
    this.volumes = volumes();
    this.files = files();
    this.mappings = mappings();
  }

  /** The same for all guests. */
  public static Surroundings of(ClusterFacts facts) {
    NodeResourcesReader around = facts.slow().derived(WORKED_OUT);
    SortedSet<String> members =
        facts.names().stream().map(NodeName::value).collect(Collectors.toCollection(TreeSet::new));
    return new Surroundings(
        members,
        around.shared,
        hidden(facts),
        around.unreplicable,
        around.active,
        around.volumes,
        around.files,
        around.mappings);
  }

  private Set<String> shared() {
    return facts.nodes().values().stream()
        .flatMap(node -> node.storages().stream())
        .filter(StorageStatus::shared)
        .map(StorageStatus::storage)
        .collect(Collectors.toSet());
  }

  /** Storages that guests use and that no list shows, for want of a privilege. */
  public static Set<String> hidden(ClusterFacts facts) {
    Set<String> shown =
        Stream.concat(
                facts.slow().storages().stream().map(Storage::storage),
                facts.slow().nodes().values().stream()
                    .flatMap(node -> node.storages().stream())
                    .map(StorageStatus::storage))
            .collect(Collectors.toSet());
    return facts.slow().starts().needs().values().stream()
        .flatMap(List::stream)
        .flatMap(need -> need.storage().stream())
        .filter(id -> !shown.contains(id))
        .filter(
            id ->
                facts
                    .sight()
                    .doubtThatGone(Listing.STORAGES, id)
                    .filter(doubt -> doubt.reason() != ConditionReason.ABSENCE_UNPROVEN)
                    .isPresent())
        .collect(Collectors.toSet());
  }

  private Set<String> unreplicable() {
    return facts.storages().stream()
        .filter(storage -> storage.type() != null && !storage.type().equals(REPLICABLE))
        .map(Storage::storage)
        .collect(Collectors.toSet());
  }

  private Map<String, Set<String>> active() {
    Map<String, Set<String>> active = new TreeMap<>();
    facts
        .nodes()
        .forEach(
            (node, told) ->
                active.put(
                    node.value(),
                    told.storages().stream()
                        .filter(storage -> !storage.isInactive())
                        .map(StorageStatus::storage)
                        .collect(Collectors.toSet())));
    return active;
  }

  /** Only of nodes that listed every storage of theirs: what a list lacks means something then. */
  private Map<String, Set<String>> volumes() {
    Map<String, Set<String>> volumes = new TreeMap<>();
    facts
        .disks()
        .forEach(
            (node, told) -> {
              if (isWhole(facts.nodes().get(node), told.byStorage())) {
                volumes.put(
                    node.value(),
                    told.byStorage().values().stream()
                        .flatMap(Collection::stream)
                        .map(Volume::volid)
                        .map(Surroundings::volume)
                        .collect(Collectors.toSet()));
              }
            });
    return volumes;
  }

  private static boolean isWhole(SlowFacts.Node node, Map<String, List<Volume>> listed) {
    return node != null
        && node.storages().stream()
            .filter(storage -> storage.isForGuests() && !storage.shared())
            .allMatch(storage -> storage.isActive() && listed.containsKey(storage.storage()));
  }

  private Map<String, Map<String, Set<String>>> files() {
    Map<String, Map<String, Set<String>>> files = new TreeMap<>();
    facts.starts().files().forEach((node, found) -> files.put(node.value(), found));
    return files;
  }

  private Map<String, Set<String>> mappings() {
    Map<String, Set<String>> mappings = new TreeMap<>();
    facts
        .starts()
        .mappings()
        .forEach(
            (id, nodes) ->
                mappings.put(id, nodes.stream().map(NodeName::value).collect(Collectors.toSet())));
    return mappings;
  }
}
