package io.pveha.core.storage;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.safety.HeldPrivileges;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a pool of one node is used for, as far as it can be known. Running or stopped, a guest needs
 * its disks, and its replicas are disks of it. What can't be seen is taken for use.
 *
 * @param needed volumes of guests that exist, or may exist
 * @param others volumes of no guest that is there: orphans, backups, images
 * @param doubts why there may be more on it than is seen; each a sentence without a full stop
 */
public record PoolUse(List<Volume> needed, List<Volume> others, List<String> doubts) {

  private static final String AUDIT = "Datastore.Audit";

  /** With it all volumes are listed, whosesoever they are. */
  private static final String ALLOCATE = "Datastore.Allocate";

  /** More than a pool without any data counts for itself. */
  private static final long EMPTY_POOL = 64L << 20;

  /** Nothing lies there, and nothing is hidden. */
  public static final PoolUse NONE = new PoolUse(List.of(), List.of(), List.of());

  public PoolUse {
    needed = List.copyOf(needed);
    others = List.copyOf(others);
    doubts = List.copyOf(doubts);
  }

  /**
   * A volume.
   *
   * @param vmid of the guest that it belongs to by its name
   * @param isDisk whether it is a guest's disk, not a backup or image
   */
  public record Volume(String volid, Optional<Integer> vmid, boolean isDisk) {}

  /**
   * What was seen on one node.
   *
   * @param own id of the storage that belongs to the pool
   * @param entries all storage entries that are seen
   * @param contents by storage what lies on it at that node; one that can't be listed is missing
   * @param allocated bytes that the pool counts as taken
   * @param guests vmids of guests that are seen anywhere, or not proven to be gone
   */
  public record Look(
      String pool,
      String own,
      NodeName node,
      List<StorageEntry> entries,
      HeldPrivileges privileges,
      Map<String, List<Volume>> contents,
      OptionalLong allocated,
      Set<Integer> guests) {

    public Look {
      entries = List.copyOf(entries);
      contents = Map.copyOf(contents);
      guests = Set.copyOf(guests);
    }
  }

  /**
   * Of a pool that its node does not list. It may be there, not imported, with all that lies on the
   * storage.
   *
   * @param own the storage that belongs to the pool; empty when no entry of it is seen
   * @param members names of all nodes
   */
  public static PoolUse ofMissing(
      String pool, NodeName node, Optional<StorageEntry> own, Collection<NodeName> members) {
    if (own.filter(entry -> entry.isZfsOn(pool) && entry.isFor(node)).isEmpty()) {
      return NONE;
    }
    String id = own.get().id();
    SortedSet<String> others = new TreeSet<>(own.get().nodes());
    if (others.isEmpty()) {
      members.forEach(member -> others.add(member.value()));
    }
    others.remove(node.value());
    return new PoolUse(
        List.of(),
        List.of(),
        List.of(
            ("pool %s is not there, so what is on storage %s is not seen; import it (`zpool "
                    + "import %s`), or, if it is gone for good, remove the node from the storage "
                    + "(`%s`)")
                .formatted(
                    pool,
                    id,
                    pool,
                    others.isEmpty()
                        ? "pvesm remove " + id
                        : "pvesm set %s --nodes %s".formatted(id, String.join(",", others)))));
  }

  /** Of all that lies on the pool. */
  public static PoolUse ofPool(Look look) {
    List<StorageEntry> on =
        look.entries().stream().filter(e -> e.liesOn(look.pool(), look.entries())).toList();
    List<String> doubts = new ArrayList<>();
    if (on.stream().noneMatch(e -> e.id().equals(look.own()))) {
      doubts.add(
          "storage %s is not seen: ".formatted(look.own())
              + (look.privileges().holds(AUDIT, "/storage/" + look.own())
                  ? "its entry was never made, was removed or renamed, or is of another pool"
                  : look.privileges().lacks(AUDIT, "/storage/" + look.own())));
    }
    doubts.addAll(hidden(look));
    PoolUse seen = of(look, on);
    doubts.addAll(seen.doubts());
    if (seen.isEmpty() && look.allocated().orElse(Long.MAX_VALUE) > EMPTY_POOL) {
      doubts.add(
          look.allocated().isPresent()
              ? "the pool counts %d MiB of data that no storage shows"
                  .formatted(look.allocated().getAsLong() >> 20)
              : "the pool does not say how much data it holds");
    }
    return new PoolUse(seen.needed(), seen.others(), doubts);
  }

  /** Of the storage that belongs to the pool alone. */
  public static PoolUse ofStorage(Look look) {
    List<StorageEntry> own =
        look.entries().stream()
            .filter(e -> e.id().equals(look.own()) && e.isZfsOn(look.pool()))
            .toList();
    String path = "/storage/" + look.own();
    return own.isEmpty() && !look.privileges().holds(AUDIT, path)
        ? new PoolUse(
            List.of(),
            List.of(),
            List.of("it may be there unseen: " + look.privileges().lacks(AUDIT, path)))
        : of(look, own);
  }

  private static PoolUse of(Look look, List<StorageEntry> storages) {
    List<Volume> needed = new ArrayList<>();
    List<Volume> others = new ArrayList<>();
    List<String> doubts = new ArrayList<>();
    for (StorageEntry storage : storages) {
      if (!storage.isFor(look.node())) {
        continue;
      }
      String path = "/storage/" + storage.id();
      if (!look.privileges().holds(ALLOCATE, path)) {
        doubts.add(
            "storage %s may hold more than is seen: %s"
                .formatted(storage.id(), look.privileges().lacks(ALLOCATE, path)));
      }
      List<Volume> volumes = look.contents().get(storage.id());
      if (volumes == null) {
        doubts.add(
            "storage %s (%s) can't be listed there".formatted(storage.id(), storage.words()));
        continue;
      }
      volumes.forEach(volume -> (isNeeded(volume, look) ? needed : others).add(volume));
    }
    return new PoolUse(needed, others, doubts);
  }

  /** A guest that may exist unseen counts as one that exists. */
  private static boolean isNeeded(Volume volume, Look look) {
    return volume.isDisk()
        && volume
            .vmid()
            .filter(
                vmid ->
                    look.guests().contains(vmid)
                        || !look.privileges().holds("VM.Audit", "/vms/" + vmid))
            .isPresent();
  }

  /** Why there may be storages that no list shows. */
  private static List<String> hidden(Look look) {
    if (!look.privileges().holdsBelow(AUDIT, "/storage")) {
      return List.of(
          "there may be storages that are not seen: "
              + (look.privileges().entries().isEmpty()
                  ? look.privileges().lacks(HeldPrivileges.SEES_ENTRIES, "/access")
                  : look.privileges().hidingPools().stream()
                      .findFirst()
                      .map("role NoAccess on %s hides what is in that pool as well"::formatted)
                      .orElse(look.privileges().lacks(AUDIT, "/storage and below"))));
    }
    Set<String> seen = look.entries().stream().map(StorageEntry::id).collect(Collectors.toSet());
    return look.privileges().entriesBelow("/storage").stream()
        .filter(id -> !seen.contains(id) && !id.equals(look.own()))
        .filter(id -> !look.privileges().holds(AUDIT, "/storage/" + id))
        .map(
            id ->
                "storage %s, if it exists, is not seen: %s"
                    .formatted(id, look.privileges().lacks(AUDIT, "/storage/" + id)))
        .toList();
  }

  /** Whether nothing is seen, and nothing is hidden. */
  public boolean isEmpty() {
    return needed.isEmpty() && others.isEmpty() && doubts.isEmpty();
  }

  /** Numbers of the guests whose disks are on it. */
  public SortedSet<Integer> guests() {
    SortedSet<Integer> guests = new TreeSet<>();
    needed.forEach(volume -> volume.vmid().ifPresent(guests::add));
    return guests;
  }

  /** Names of some volumes, for a message. */
  static String names(List<Volume> volumes) {
    String names =
        volumes.stream().map(Volume::volid).sorted().limit(5).collect(Collectors.joining(", "));
    return volumes.size() > 5 ? names + " and %d more".formatted(volumes.size() - 5) : names;
  }
}
