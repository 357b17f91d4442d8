package io.pveha.operator.polling;

import static io.pveha.operator.polling.ClusterKey.guest;
import static io.pveha.operator.polling.ClusterKey.guestPlace;
import static io.pveha.operator.polling.ClusterKey.ha;
import static io.pveha.operator.polling.ClusterKey.replication;
import static io.pveha.operator.polling.ClusterKey.rule;
import static io.pveha.operator.polling.ClusterKey.volumes;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.safety.Listing;
import io.pveha.operator.polling.SlowFacts.GuestDisks;
import io.pveha.operator.polling.SlowFacts.Node;
import io.pveha.proxmox.GuestCalls.Guest;
import io.pveha.proxmox.HaCalls.Resource;
import io.pveha.proxmox.PlacementCalls.Group;
import io.pveha.proxmox.PlacementCalls.Rule;
import io.pveha.proxmox.Rows;
import io.pveha.proxmox.StorageCalls.PoolDetail;
import io.pveha.proxmox.StorageCalls.StorageStatus;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which parts of a cluster differ between two looks at it. Lists that did not change are the same
 * objects in both and cost nothing; of the others, rows are compared one by one.
 *
 * <p>Whatever an object reads must be in one of these parts, or it is not woken: a change may be
 * told that is none, and none may be missed.
 */
final class Changes {

  private final boolean everything;
  private final Set<ClusterKey> keys = new HashSet<>();
  private Optional<FastFacts> unseen = Optional.empty();

  private Changes(boolean everything) {
    this.everything = everything;
  }

  /** What differs; everything does when it became possible, or impossible, to see anything. */
  static Changes between(Observation before, Observation now) {
    Optional<ClusterFacts> former = before.facts();
    Optional<ClusterFacts> facts = now.facts();
    boolean sight = before.outOfSight().isPresent() != now.outOfSight().isPresent();
    // Who was kept from writing goes on.
    boolean mayWrite =
        before.fast().flatMap(FastFacts::doubt).isPresent()
            && now.fast().filter(fast -> fast.doubt().isEmpty()).isPresent();
    if (sight
        || mayWrite
        || former.isPresent() != facts.isPresent()
        || !tooOld(former).equals(tooOld(facts))) {
      return new Changes(true);
    }
    return former.isEmpty() ? none() : between(former.get(), facts.get());
  }

  /** What became too old to rest anything on, or is no longer. */
  private static Optional<String> tooOld(Optional<ClusterFacts> facts) {
    return facts.flatMap(ClusterFacts::tooOld).map(Finding::message);
  }

  static Changes between(ClusterFacts before, ClusterFacts now) {
    if (!before.sight().doubts().equals(now.sight().doubts())
        || !inSameOrder(before.slow().rules(), now.slow().rules(), Rule::rule)) {
      return new Changes(true);
    }
    Changes changes = none();
    changes.compareNodes(before, now);
    changes.compareGuests(before.fast(), now.fast());
    changes.compareServices(before.fast(), now.fast());
    changes.compareAbsences(before, now);
    if (before.slow() != now.slow()) {
      changes.compareResources(before.slow(), now.slow());
      changes.comparePlacements(before.slow(), now.slow());
      changes.compareReplications(before.slow(), now.slow());
      changes.compareStorages(before.slow(), now.slow());
      changes.compareVolumes(before.slow(), now.slow());
      changes.compareNeeds(before.slow(), now.slow());
    }
    return changes;
  }

  /** Nothing differs. */
  static Changes none() {
    return new Changes(false);
  }

  /** The same with news of tasks. */
  Changes with(Set<String> tasks) {
    tasks.forEach(task -> keys.add(ClusterKey.task(task)));
    return this;
  }

  /** Whether all who belong to the cluster are concerned. */
  boolean isEverything() {
    return everything;
  }

  /** Those of the keys that somebody reads that are concerned. */
  Set<ClusterKey> among(Set<ClusterKey> read) {
    Set<ClusterKey> concerned = new HashSet<>(keys);
    unseen.ifPresent(
        facts ->
            read.stream()
                .filter(ClusterKey::isOfGuestList)
                .filter(key -> facts.guest(key.vmid()).isEmpty())
                .forEach(concerned::add));
    return concerned;
  }

  private void compareNodes(ClusterFacts before, ClusterFacts now) {
    boolean same =
        before.members().equals(now.members())
            && before
                .fast()
                .ha()
                .manager()
                .nodeStatus()
                .equals(now.fast().ha().manager().nodeStatus())
            && before.slow().means() == now.slow().means()
            && before.names().stream()
                .allMatch(node -> before.fast().online(node).equals(now.fast().online(node)));
    if (!same) {
      keys.add(ClusterKey.NODES);
    }
  }

  private void compareGuests(FastFacts before, FastFacts now) {
    rows(
        before.guests(),
        now.guests(),
        row -> row.id().vmid(),
        (former, guest) -> {
          int vmid = (former == null ? guest : former).id().vmid();
          keys.add(guest(vmid));
          if (former == null || guest == null || !isSamePlace(former, guest)) {
            keys.add(guestPlace(vmid));
          }
        });
  }

  private static boolean isSamePlace(Guest one, Guest other) {
    return one.id().equals(other.id())
        && one.node().equals(other.node())
        && one.template() == other.template()
        && one.tags().equals(other.tags())
        && one.pool().equals(other.pool());
  }

  private void compareServices(FastFacts before, FastFacts now) {
    entries(
        before.ha().manager().serviceStatus(),
        now.ha().manager().serviceStatus(),
        sid -> keys.add(ha(sid)));
  }

  /** What is not listed is known to be gone once time has passed, without any other change. */
  private void compareAbsences(ClusterFacts before, ClusterFacts now) {
    Map<Listing, Set<String>> lacking = new HashMap<>();
    Stream.of(before, now)
        .flatMap(facts -> facts.sight().log().stream())
        .flatMap(log -> log.tracks().entrySet().stream())
        .forEach(
            track ->
                lacking
                    .computeIfAbsent(track.getKey(), unused -> new HashSet<>(Set.of("")))
                    .addAll(track.getValue().lacking().keySet()));
    Stream.of(before, now)
        .flatMap(facts -> facts.sight().keys().entrySet().stream())
        .forEach(
            doubts ->
                lacking
                    .computeIfAbsent(doubts.getKey(), unused -> new HashSet<>())
                    .addAll(doubts.getValue().keySet()));
    lacking.forEach(
        (listing, names) ->
            names.stream()
                .filter(
                    name ->
                        !before
                            .sight()
                            .doubtThatGone(listing, name)
                            .equals(now.sight().doubtThatGone(listing, name)))
                .forEach(name -> absence(listing, name, now)));
  }

  private void absence(Listing listing, String name, ClusterFacts now) {
    switch (listing) {
      case GUESTS -> {
        if (name.isEmpty()) {
          unseen = Optional.of(now.fast());
        } else {
          vmid(name).ifPresent(this::wholeGuest);
        }
      }
      case POOL_MEMBERS -> vmid(name.replaceFirst(".*/", "")).ifPresent(this::wholeGuest);
      case REPLICATION_JOBS ->
          vmid(name.replaceFirst("[->].*", "")).ifPresent(id -> keys.add(replication(id)));
      case HA_RESOURCES -> keys.add(ha(name));
      case HA_PLACEMENTS -> keys.add(rule(name));
      case STORAGES -> keys.add(ClusterKey.STORAGES);
    }
  }

  private void wholeGuest(int vmid) {
    keys.add(guest(vmid));
    keys.add(guestPlace(vmid));
  }

  private static Optional<Integer> vmid(String text) {
    return text.matches("[0-9]{1,9}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
  }

  private void compareResources(SlowFacts before, SlowFacts now) {
    rows(
        before.resources(),
        now.resources(),
        Resource::sid,
        (former, resource) -> {
          keys.add(ha((former == null ? resource : former).sid()));
          if (former == null || resource == null) {
            keys.add(ClusterKey.RESOURCES);
          }
          // Who is in a group is part of what the group says of the others.
          Stream.of(Optional.ofNullable(former), Optional.ofNullable(resource))
              .flatMap(Optional::stream)
              .map(Resource::group)
              .filter(Objects::nonNull)
              .forEach(group -> group(group, before, now));
        });
  }

  private void comparePlacements(SlowFacts before, SlowFacts now) {
    rows(
        before.rules(),
        now.rules(),
        Rule::rule,
        (former, rule) ->
            Stream.of(Optional.ofNullable(former), Optional.ofNullable(rule))
                .flatMap(Optional::stream)
                .forEach(
                    either -> {
                      keys.add(rule(either.rule()));
                      either.sids().forEach(sid -> keys.add(ha(sid)));
                    }));
    rows(
        before.groups(),
        now.groups(),
        Group::group,
        (former, group) -> group((former == null ? group : former).group(), before, now));
    if (!inSameOrder(before.groups(), now.groups(), Group::group)) {
      before.groups().forEach(group -> group(group.group(), before, now));
    }
  }

  private void group(String name, SlowFacts before, SlowFacts now) {
    keys.add(rule(name));
    Stream.of(before, now)
        .flatMap(facts -> facts.inGroup(name).stream())
        .forEach(member -> keys.add(ha(member.sid())));
  }

  private void compareReplications(SlowFacts before, SlowFacts now) {
    if (before.jobs() != now.jobs()) {
      entries(before.jobsByGuest(), now.jobsByGuest(), vmid -> keys.add(replication(vmid)));
    }
    nodes(
        before.nodes(),
        now.nodes(),
        (former, node) -> {
          if (former == null || node == null || former.jobs() != node.jobs()) {
            entries(
                former == null ? Map.of() : former.runsByGuest(),
                node == null ? Map.of() : node.runsByGuest(),
                vmid -> keys.add(replication(vmid)));
          }
          if (former != null
              && node != null
              && !Rows.problem(former.jobs()).equals(Rows.problem(node.jobs()))) {
            node.runsByGuest().keySet().forEach(vmid -> keys.add(replication(vmid)));
          }
        });
  }

  private void compareStorages(SlowFacts before, SlowFacts now) {
    if (!before.storages().equals(now.storages())) {
      keys.add(ClusterKey.STORAGES);
    }
    nodes(
        before.nodes(),
        now.nodes(),
        (former, node) -> {
          if (former == null || node == null) {
            keys.add(ClusterKey.STORAGES);
            keys.add(ClusterKey.POOLS);
            return;
          }
          boolean states = states(former).equals(states(node));
          if (!states
              || !active(former).equals(active(node))
              || !former.inactive().sure().equals(node.inactive().sure())) {
            keys.add(ClusterKey.STORAGES);
            keys.add(ClusterKey.POOLS);
          }
          if (!Rows.same(former.disks(), node.disks()) || !layouts(former).equals(layouts(node))) {
            keys.add(ClusterKey.POOLS);
          }
        });
  }

  private static List<StorageStatus> active(Node node) {
    return node.storages().stream().map(StorageStatus::withoutFilling).toList();
  }

  /** The first of a name counts, as for who reads it. */
  private static Map<String, Optional<String>> states(Node node) {
    Map<String, Optional<String>> states = new HashMap<>();
    node.pools()
        .forEach(pool -> states.putIfAbsent(pool.name(), Optional.ofNullable(pool.health())));
    return states;
  }

  private static Map<String, List<Object>> layouts(Node node) {
    return node.details().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, detail -> layout(detail.getValue())));
  }

  private static List<Object> layout(PoolDetail detail) {
    return List.of(Optional.ofNullable(detail.name()), detail.children());
  }

  private void compareVolumes(SlowFacts before, SlowFacts now) {
    nodes(
        before.disks(),
        now.disks(),
        (former, told) -> {
          Set<String> storages = new HashSet<>();
          Stream.of(Optional.ofNullable(former), Optional.ofNullable(told))
              .flatMap(Optional::stream)
              .forEach(disks -> storages.addAll(disks.byStorage().keySet()));
          storages.forEach(
              storage ->
                  entries(
                      byOwner(former, storage),
                      byOwner(told, storage),
                      vmid -> keys.add(volumes(vmid))));
          if (former == null || told == null) {
            // Also who has no volume there reads that it was listed.
            keys.add(ClusterKey.STORAGES);
          }
        });
  }

  private static Map<Integer, ?> byOwner(GuestDisks disks, String storage) {
    return disks == null ? Map.of() : disks.byOwner(storage);
  }

  private void compareNeeds(SlowFacts before, SlowFacts now) {
    entries(before.starts().needs(), now.starts().needs(), guest -> keys.add(guest(guest.vmid())));
  }

  // Comparing

  /** Hands over each pair of rows that differ; one of them is null when there is none. */
  private static <T, K> void rows(
      List<T> before, List<T> now, Function<T, K> key, BiConsumer<T, T> differ) {
    if (before == now) {
      return;
    }
    Map<K, T> former = new HashMap<>();
    before.forEach(row -> former.putIfAbsent(key.apply(row), row));
    Set<K> seen = new HashSet<>();
    for (T row : now) {
      if (seen.add(key.apply(row))) {
        T same = former.remove(key.apply(row));
        if (row != same && !row.equals(same)) {
          differ.accept(same, row);
        }
      }
    }
    former.values().forEach(gone -> differ.accept(gone, null));
  }

  private static <V> void nodes(
      Map<NodeName, V> before, Map<NodeName, V> now, BiConsumer<V, V> differ) {
    Set<NodeName> all = new HashSet<>(before.keySet());
    all.addAll(now.keySet());
    for (NodeName node : all) {
      if (before.get(node) != now.get(node)) {
        differ.accept(before.get(node), now.get(node));
      }
    }
  }

  private static <K> void entries(Map<K, ?> before, Map<K, ?> now, Consumer<K> differs) {
    if (before == now) {
      return;
    }
    before.forEach(
        (key, value) -> {
          Object other = now.get(key);
          if (value != other && !value.equals(other)) {
            differs.accept(key);
          }
        });
    now.keySet().stream().filter(key -> !before.containsKey(key)).forEach(differs);
  }

  /** Whether what is in both lists stands in the same order: the first that fits is taken. */
  private static <T> boolean inSameOrder(List<T> before, List<T> now, Function<T, String> name) {
    return before == now
        || common(before, names(now, name), name).equals(common(now, names(before, name), name));
  }

  private static <T> List<String> common(
      List<T> rows, Collection<String> others, Function<T, String> name) {
    return rows.stream().map(name).filter(others::contains).toList();
  }

  private static <T> Set<String> names(List<T> rows, Function<T, String> name) {
    return rows.stream().map(name).collect(Collectors.toSet());
  }
}
