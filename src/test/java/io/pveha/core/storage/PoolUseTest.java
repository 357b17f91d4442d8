package io.pveha.core.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Memory;
import io.pveha.core.safety.HeldPrivileges;
import io.pveha.core.storage.PoolFacts.Pool;
import io.pveha.core.storage.PoolStep.DestroyPool;
import io.pveha.core.storage.PoolUse.Volume;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PoolUseTest {

  private static final int WORLDS = 20_000;
  private static final NodeName NODE = new NodeName("node1");
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  @Test
  void aStorageLiesOnThePoolOfItsDatasetOrDirectory() {
    List<StorageEntry> all =
        List.of(
            zfs("a", "tank"),
            zfs("b", "tank/vm"),
            zfs("c", "tank2"),
            zfs("d", "rpool/tank"),
            directory("e", "/tank/backup"),
            directory("f", "/tanks"),
            directory("g", "/mnt/data/iso"),
            new StorageEntry(
                "h",
                StorageEntry.ZFS,
                Optional.of("tank/data"),
                Optional.empty(),
                Optional.of("/mnt/data"),
                new TreeSet<>(),
                false));

    assertThat(all.stream().filter(entry -> entry.liesOn("tank", all)).map(StorageEntry::id))
        .containsExactly("a", "b", "e", "g", "h");
  }

  @Test
  void aPoolThatIsNotListedMayHoldAnythingWhereItsStorageIsFor() {
    List<NodeName> members = List.of(NODE, new NodeName("node2"), new NodeName("node3"));

    assertThat(PoolUse.ofMissing("tank", NODE, Optional.of(zfs("tank", "tank")), members).doubts())
        .singleElement()
        .satisfies(
            doubt ->
                assertThat(doubt)
                    .contains("zpool import tank", "pvesm set tank --nodes node2,node3"));
    assertThat(
            PoolUse.ofMissing("tank", NODE, Optional.of(zfs("tank", "tank", "node1")), members)
                .doubts())
        .singleElement()
        .satisfies(doubt -> assertThat(doubt).contains("pvesm remove tank"));
    assertThat(
            PoolUse.ofMissing("tank", NODE, Optional.of(zfs("tank", "tank", "node2")), members)
                .isEmpty())
        .isTrue();
    assertThat(PoolUse.ofMissing("tank", NODE, Optional.of(zfs("tank", "other")), members))
        .isEqualTo(PoolUse.NONE);
    assertThat(PoolUse.ofMissing("tank", NODE, Optional.empty(), members)).isEqualTo(PoolUse.NONE);
  }

  /** No pool goes with anything on it, whatever is hidden; with the word, with no guest's disk. */
  @Test
  void nothingThatAGuestNeedsEverGoes() {
    Random random = new Random(20261129);
    int destroyed = 0;
    for (int i = 0; i < WORLDS; i++) {
      World world = new World(random);
      if (world.destroys(false, use -> use)) {
        destroyed++;
        assertThat(world.onPool).as("world %d: %s", i, world).isEmpty();
      }
      if (world.destroys(true, use -> use)) {
        assertThat(world.seenDisksOfGuests()).as("world %d: %s", i, world).isEmpty();
      }
    }
    assertThat(destroyed).as("empty pools that went").isGreaterThan(WORLDS / 200);
  }

  /** The worlds above are hard enough: without any one of the guards, data would go. */
  @Test
  void everyGuardIsNeeded() {
    assertThat(lost(use -> new PoolUse(List.of(), use.others(), use.doubts()))).isPositive();
    assertThat(lost(use -> new PoolUse(use.needed(), List.of(), use.doubts()))).isPositive();
    for (String doubt :
        List.of(
            "storage tank is not seen",
            "there may be storages.*Datastore.Audit on /storage and below$",
            "if it exists, is not seen",
            "there may be storages.*NoAccess on /pool/prod",
            "there may be storages.*Sys.Audit on /access",
            "may hold more than is seen",
            "can't be listed",
            "that no storage shows")) {
      assertThat(
              lost(
                  use ->
                      new PoolUse(
                          use.needed(),
                          use.others(),
                          use.doubts().stream()
                              .filter(
                                  told ->
                                      !java.util.regex.Pattern.compile(doubt).matcher(told).find())
                              .toList())))
          .as(doubt)
          .isPositive();
    }
  }

  private static int lost(UnaryOperator<PoolUse> withoutGuard) {
    Random random = new Random(20261129);
    int lost = 0;
    for (int i = 0; i < WORLDS; i++) {
      World world = new World(random);
      if (world.destroys(false, withoutGuard) && !world.onPool.isEmpty()) {
        lost++;
      }
    }
    return lost;
  }

  /** A node with the pool {@code tank}, and what a token may see of it as Proxmox shows it. */
  private static final class World {

    private record Lying(String storage, Volume volume, long bytes) {}

    /** What is in the resource pool that role NoAccess may keep the token out of. */
    private static final Set<String> IN_POOL = Set.of("/vms/101", "/storage/vmdata");

    private final Random random;
    private boolean poolIsHidden;
    private HeldPrivileges truth;
    private final List<StorageEntry> entries = new ArrayList<>();
    private final Set<String> silent = new HashSet<>();
    private final List<Lying> onPool = new ArrayList<>();
    private final Set<Integer> guests = new HashSet<>();
    private final Map<String, Map<String, Boolean>> held = new TreeMap<>();
    private final TreeSet<String> list = new TreeSet<>();

    World(Random random) {
      this.random = random;
      mostly(() -> entries.add(zfs("tank", "tank")));
      sometimes(() -> entries.add(zfs("vmdata", "tank/vm")));
      sometimes(() -> entries.add(directory("backup", "/tank/backup")));
      sometimes(() -> entries.add(zfs("other", "tank2")));
      for (int vmid = 100; vmid < 104; vmid++) {
        int id = vmid;
        sometimes(() -> guests.add(id));
      }
      for (String storage : List.of("tank", "vmdata", "backup")) {
        boolean known = entries.stream().anyMatch(entry -> entry.id().equals(storage));
        sometimes(
            () -> {
              int vmid = 100 + random.nextInt(4);
              // What no entry shows any more is found by the space that it takes.
              long bytes = known || storage.equals("tank") ? random.nextInt(9) : 1L << 30;
              onPool.add(
                  new Lying(
                      storage,
                      new Volume(
                          storage + ":" + vmid, Optional.of(vmid), !storage.equals("backup")),
                      bytes));
            });
        rarely(() -> silent.add(storage));
      }
      rarely(() -> poolIsHidden = true);
      grant("/", "Sys.Audit");
      grant("/storage", "Datastore.Audit", "Datastore.Allocate");
      grant("/vms", "VM.Audit");
      for (String path :
          List.of("/access", "/storage/tank", "/storage/vmdata", "/storage/backup", "/vms/100")) {
        rarely(() -> grant(path, "Nothing"));
        rarely(() -> grant(path, "Datastore.Audit", "Datastore.Allocate"));
      }
    }

    private void grant(String path, String... privileges) {
      list.add(path);
      Map<String, Boolean> granted = new TreeMap<>();
      for (String privilege : privileges) {
        mostly(() -> granted.put(privilege, random.nextInt(8) > 0));
      }
      granted.remove("Nothing");
      held.remove(path);
      if (!granted.isEmpty()) {
        held.put(path, granted);
      }
    }

    /** What no resource pool hides. */
    private HeldPrivileges truth() {
      if (truth == null) {
        truth = HeldPrivileges.of(listed(), entries());
      }
      return truth;
    }

    private Map<String, SortedSet<String>> entries() {
      Map<String, SortedSet<String>> entries = new TreeMap<>();
      list.forEach(path -> entries.put(path, new TreeSet<>()));
      return entries;
    }

    /** Proxmox also tells of paths without entries that are always there. */
    private Map<String, Map<String, Boolean>> listed() {
      Map<String, Map<String, Boolean>> listed = new TreeMap<>(held);
      if (!list.contains("/access") && held.getOrDefault("/", Map.of()).containsValue(true)) {
        listed.put("/access", held.get("/"));
      }
      return listed;
    }

    private HeldPrivileges told() {
      if (!truth().holds("Sys.Audit", "/access")) {
        return HeldPrivileges.withoutEntries(listed());
      }
      Map<String, SortedSet<String>> entries = entries();
      if (poolIsHidden) {
        entries.put("/pool/prod", new TreeSet<>(Set.of("operator@pve!pveha")));
      }
      return HeldPrivileges.of(listed(), entries);
    }

    private boolean shows(String storage) {
      return truth().holds("Datastore.Audit", "/storage/" + storage)
          && !(poolIsHidden && IN_POOL.contains("/storage/" + storage));
    }

    private PoolUse use() {
      List<StorageEntry> seen = entries.stream().filter(entry -> shows(entry.id())).toList();
      Map<String, List<Volume>> contents = new TreeMap<>();
      for (StorageEntry entry : seen) {
        if (!silent.contains(entry.id())) {
          contents.put(
              entry.id(),
              onPool.stream().filter(l -> isSeen(l, entry)).map(Lying::volume).toList());
        }
      }
      Set<Integer> known = new HashSet<>(guests);
      known.removeIf(vmid -> !isSeen(vmid));
      long allocated = 500_000 + onPool.stream().mapToLong(Lying::bytes).sum();
      return PoolUse.ofPool(
          new PoolUse.Look(
              "tank", "tank", NODE, seen, told(), contents, OptionalLong.of(allocated), known));
    }

    private boolean isSeen(Lying lying, StorageEntry entry) {
      return lying.storage().equals(entry.id())
          && (truth().holds("Datastore.Allocate", "/storage/" + entry.id())
              || isSeen(lying.volume().vmid().orElseThrow()));
    }

    private boolean isSeen(int vmid) {
      return truth().holds("VM.Audit", "/vms/" + vmid)
          && !(poolIsHidden && IN_POOL.contains("/vms/" + vmid));
    }

    private List<Lying> seenDisksOfGuests() {
      return onPool.stream()
          .filter(l -> l.volume().isDisk() && guests.contains(l.volume().vmid().orElseThrow()))
          .filter(l -> entries.stream().anyMatch(e -> isSeen(l, e) && shows(e.id())))
          .filter(l -> !silent.contains(l.storage()))
          .toList();
    }

    private boolean destroys(boolean released, UnaryOperator<PoolUse> guard) {
      return PoolRemoval.plan(
              new WantedPool(
                  "tank",
                  "single",
                  List.of(new WantedPool.Node(NODE, List.of("/dev/sdb"), Optional.empty())),
                  12,
                  "on",
                  Optional.empty(),
                  new WantedPool.Storage(
                      "tank", List.of("images"), true, Optional.empty(), Optional.empty(), false)),
              true,
              new PoolFacts(
                  Map.of(
                      NODE,
                      new PoolFacts.Node(
                          List.of(),
                          Optional.of(new Pool("ONLINE", List.of())),
                          Optional.of(true))),
                  Map.of(NODE, true),
                  entries.stream().filter(e -> e.id().equals("tank") && shows("tank")).findFirst(),
                  Set.of()),
              Map.of(),
              Map.of(NODE, guard.apply(use())),
              new PoolRemoval.Release(released, ""),
              Memory.EMPTY,
              NOW,
              NOW)
          .now()
          .stream()
          .anyMatch(step -> step instanceof DestroyPool);
    }

    private void mostly(Runnable change) {
      if (random.nextInt(5) > 0) {
        change.run();
      }
    }

    private void sometimes(Runnable change) {
      if (random.nextInt(2) > 0) {
        change.run();
      }
    }

    private void rarely(Runnable change) {
      if (random.nextInt(6) == 0) {
        change.run();
      }
    }

    @Override
    public String toString() {
      return "entries %s, silent %s, on pool %s, guests %s, held %s, list %s"
          .formatted(entries, silent, onPool, guests, held, list);
    }
  }

  private static StorageEntry zfs(String id, String dataset, String... nodes) {
    return new StorageEntry(
        id,
        StorageEntry.ZFS,
        Optional.of(dataset),
        Optional.empty(),
        Optional.empty(),
        new TreeSet<>(List.of(nodes)),
        false);
  }

  private static StorageEntry directory(String id, String path) {
    return new StorageEntry(
        id, "dir", Optional.empty(), Optional.of(path), Optional.empty(), new TreeSet<>(), false);
  }
}
