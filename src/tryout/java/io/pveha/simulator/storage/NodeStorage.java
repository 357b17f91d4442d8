package io.pveha.simulator.storage;

import io.pveha.simulator.config.ClusterConfig;
import io.pveha.simulator.config.GuestConfig;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.machine.Digests;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.MachinePart;
import io.pveha.simulator.machine.WorldFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Storage entries (cluster-wide) and what lies on them at this node. */
public final class NodeStorage implements MachinePart {

  /** A row of {@code GET /nodes/NODE/storage}; sizes in bytes, 0 while not active. */
  public record StorageRow(
      String storage,
      String type,
      String content,
      boolean enabled,
      boolean active,
      boolean shared,
      long total,
      long used,
      long avail) {}

  /** A row of {@code GET /nodes/NODE/storage/ID/content}; {@code vmid} 0 when of no guest. */
  public record Volume(
      String volid, String content, String format, long size, int vmid, long ctime) {}

  private static final List<String> TEMPLATES =
      List.of(
          "debian-12-standard_12.7-1_amd64.tar.zst",
          "debian-13-standard_13.1-2_amd64.tar.zst",
          "alpine-3.22-default_20250617_amd64.tar.xz");
  private static final Set<String> SHARED_TYPES =
      Set.of("cephfs", "cifs", "iscsi", "iscsidirect", "nfs", "pbs", "rbd", "zfs");
  private static final long ROOT_DISK = 60L << 30;

  private final Machine node;
  private final SharedVolumes shared;
  private final Map<String, Map<String, VolumeData>> directories = new HashMap<>();
  private final Set<String> broken = new HashSet<>();

  public NodeStorage(Machine node, SharedVolumes shared) {
    this.node = node;
    this.shared = shared;
  }

  /** {@code POST /storage}; returns the stored properties. */
  public Map<String, String> create(String id, Map<String, String> properties) {
    node.checkWritable(Section.STORAGE);
    if (node.config().entry(Section.STORAGE, id).isPresent()) {
      throw new WorldFailure.Refused(
          "create storage failed: storage ID '" + id + "' already defined");
    }
    Map<String, String> entry = new TreeMap<>(properties);
    StorageOptions.checkNew(entry);
    entry.putIfAbsent("content", defaultContent(entry.get("type")));
    if (isForNode(entry) && !"1".equals(entry.get("disable"))) {
      activate(id, entry);
    }
    node.write(Section.STORAGE, config -> config.with(Section.STORAGE, id, entry));
    return entry;
  }

  private static String defaultContent(String type) {
    return switch (type) {
      case "zfspool", "lvmthin", "lvm", "rbd" -> "images,rootdir";
      default -> "images,rootdir,vztmpl,iso,backup,snippets";
    };
  }

  private void activate(String id, Map<String, String> entry) {
    if (!"zfspool".equals(entry.get("type"))) {
      return;
    }
    ZfsPool pool = node.part(NodeDisks.class).find(entry.get("pool").split("/")[0]);
    if (pool == null) {
      throw new WorldFailure.Refused(
          "create storage failed: could not activate storage '"
              + id
              + "', zfs error: cannot import '"
              + entry.get("pool")
              + "': no such pool available");
    }
  }

  /** {@code PUT /storage/ID}; returns the stored properties. */
  public Map<String, String> update(
      String id, Map<String, String> set, Set<String> delete, Optional<String> digest) {
    SortedMap<String, String> entry = new TreeMap<>(require(id));
    Digests.check(digest, node.config().digest(Section.STORAGE));
    StorageOptions.checkChange(entry, set, delete);
    Set<String> before = covered(entry);
    entry.keySet().removeAll(delete);
    entry.putAll(set);
    node.write(Section.STORAGE, config -> config.with(Section.STORAGE, id, entry));
    before.removeAll(covered(entry));
    before.forEach(name -> removed("storage-node", id + " " + name));
    return entry;
  }

  /** The nodes that an entry is for. */
  private Set<String> covered(Map<String, String> entry) {
    if ("1".equals(entry.get("disable"))) {
      return new TreeSet<>();
    }
    return entry.get("nodes") == null
        ? new TreeSet<>(node.config().section(Section.COROSYNC_NODES).keySet())
        : nodesOf(entry);
  }

  private void removed(String what, String name) {
    node.world().ledger().removed(node, what, name, node.world().asking());
  }

  public void delete(String id) {
    require(id);
    node.write(Section.STORAGE, config -> config.without(Section.STORAGE, id));
    removed("storage", id);
  }

  private SortedMap<String, String> require(String id) {
    return node.config()
        .entry(Section.STORAGE, id)
        .orElseThrow(() -> new WorldFailure.Refused("storage '" + id + "' does not exist"));
  }

  /** Storages that are configured for this node, by id. */
  public List<StorageRow> status() {
    List<StorageRow> rows = new ArrayList<>();
    new TreeMap<>(node.config().section(Section.STORAGE))
        .forEach(
            (id, entry) -> {
              if (isForNode(entry)) {
                rows.add(row(id, entry));
              }
            });
    return rows;
  }

  public StorageRow status(String id) {
    return row(id, available(id));
  }

  private StorageRow row(String id, SortedMap<String, String> entry) {
    boolean enabled = !"1".equals(entry.get("disable"));
    boolean active = enabled && isActive(id, entry);
    long total = 0;
    long used = 0;
    if (active && entry.get("type").equals("zfspool")) {
      ZfsPool pool = poolOf(entry);
      total = (long) (pool.size() * 0.968);
      used = pool.alloc();
    } else if (active) {
      total = ROOT_DISK;
      used = (4L << 30) + volumes(id).values().stream().mapToLong(VolumeData::usedBytes).sum();
    }
    return new StorageRow(
        id,
        entry.get("type"),
        entry.getOrDefault("content", ""),
        enabled,
        active,
        isShared(entry),
        total,
        used,
        total - used);
  }

  /** Whether all nodes see the same: by its type, or by the flag of its entry. */
  public static boolean isShared(Map<String, String> entry) {
    return SHARED_TYPES.contains(entry.getOrDefault("type", "dir"))
        || "1".equals(entry.get("shared"));
  }

  private boolean isActive(String id, Map<String, String> entry) {
    if (broken.contains(id)) {
      return false;
    }
    if (!entry.get("type").equals("zfspool")) {
      return true;
    }
    ZfsPool pool = poolOf(entry);
    return pool != null && pool.isUsable();
  }

  private ZfsPool poolOf(Map<String, String> entry) {
    return node.part(NodeDisks.class).find(entry.get("pool").split("/")[0]);
  }

  public List<Volume> content(String id) {
    SortedMap<String, String> entry = available(id);
    List<Volume> volumes = new ArrayList<>();
    if (entry.getOrDefault("content", "").contains("vztmpl") && id.equals("local")) {
      for (String template : TEMPLATES) {
        String format = template.endsWith("zst") ? "tzst" : "txz";
        volumes.add(
            new Volume("local:vztmpl/" + template, "vztmpl", format, 126_515_062, 0, 1735689600));
      }
    }
    for (String file : node.part(LocalFiles.class).files(id)) {
      String content = file.substring(id.length() + 1, file.indexOf('/'));
      volumes.add(new Volume(file, content, content, 629_145_600, 0, 1735689600));
    }
    List<VolumeData> here = new ArrayList<>(volumes(id).values());
    here.addAll(node.part(BackupFiles.class).on(id));
    for (VolumeData volume : here) {
      volumes.add(
          new Volume(
              id + ":" + volume.name(),
              volume.content(),
              volume.format(),
              volume.bytes(),
              volume.vmid(),
              volume.created().getEpochSecond()));
    }
    return volumes;
  }

  /** The entry, if it is for this node and enabled. */
  private SortedMap<String, String> available(String id) {
    SortedMap<String, String> entry = require(id);
    if ("1".equals(entry.get("disable"))) {
      throw new WorldFailure.Refused("storage '" + id + "' is disabled");
    }
    if (!isForNode(entry)) {
      throw new WorldFailure.Refused(
          "storage '" + id + "' is not available on node '" + node.name() + "'");
    }
    return entry;
  }

  private boolean isForNode(Map<String, String> entry) {
    return entry.get("nodes") == null || nodesOf(entry).contains(node.name());
  }

  private static Set<String> nodesOf(Map<String, String> entry) {
    return new TreeSet<>(Arrays.asList(entry.getOrDefault("nodes", "").split("[,;\\s]+")));
  }

  /** The guests' volumes on a storage at this node, for reading and writing. */
  public Map<String, VolumeData> volumes(String id) {
    SortedMap<String, String> entry = available(id);
    if (!isActive(id, entry)) {
      throw new WorldFailure.Refused(
          entry.get("type").equals("zfspool")
              ? "zfs error: cannot open '"
                  + entry.get("pool")
                  + "': "
                  + (poolOf(entry) == null ? "no such pool" : "pool I/O is currently suspended")
              : "storage '" + id + "' is not online");
    }
    if (isShared(entry)) {
      return shared.on(id);
    }
    return entry.get("type").equals("zfspool")
        ? poolOf(entry).volumes(entry.get("pool"))
        : directories.computeIfAbsent(id, key -> new LinkedHashMap<>());
  }

  /** What a tool says of a volume that is not there. */
  public String missing(GuestConfig.DiskOf disk) {
    return node.config()
        .entry(Section.STORAGE, disk.storage())
        .filter(entry -> "zfspool".equals(entry.get("type")))
        .map(
            entry ->
                "zfs error: cannot open '"
                    + entry.get("pool")
                    + "/"
                    + disk.volume()
                    + "': dataset does not exist")
        .orElse("volume '" + disk.volid() + "' does not exist");
  }

  /** Whether guests can use the storage at this node now. */
  public boolean isUsable(String id) {
    return node.config()
        .entry(Section.STORAGE, id)
        .filter(entry -> isForNode(entry) && !"1".equals(entry.get("disable")))
        .filter(entry -> isActive(id, entry))
        .isPresent();
  }

  /** Whether the entry is there and for this node, whatever its state. */
  public boolean isConfigured(String id) {
    return node.config().entry(Section.STORAGE, id).filter(this::isForNode).isPresent();
  }

  /** Whether the disks there are the same ones at every node. */
  public boolean isShared(String id) {
    return node.config().entry(Section.STORAGE, id).filter(NodeStorage::isShared).isPresent();
  }

  public boolean isReplicable(String id) {
    return node.config()
        .property(Section.STORAGE, id, "type")
        .filter("zfspool"::equals)
        .isPresent();
  }

  public boolean allows(String id, String content) {
    return Arrays.asList(available(id).getOrDefault("content", "").split(",")).contains(content);
  }

  /** Every copy of a guest's volumes at this node, by "storage or pool/volume". */
  public Map<String, VolumeData> everything() {
    Map<String, VolumeData> all = new TreeMap<>();
    node.part(NodeDisks.class)
        .pools()
        .forEach(pool -> node.part(NodeDisks.class).find(pool.name()).volumes().forEach(all::put));
    Map<String, Map<String, VolumeData>> others = new TreeMap<>(directories);
    node.config()
        .section(Section.STORAGE)
        .forEach(
            (id, entry) -> {
              if (isShared(entry) && isForNode(entry)) {
                others.put(id, shared.on(id));
              }
            });
    others.forEach(
        (id, volumes) -> volumes.forEach((name, volume) -> all.put(id + ":" + name, volume)));
    return all;
  }

  /** Removes the volumes of a guest that lie here, as {@code pvesm free} does one by one. */
  public void freeVolumesOf(int vmid, String user) {
    for (String id : node.config().section(Section.STORAGE).keySet()) {
      if (isUsable(id)) {
        volumes(id).values().stream()
            .filter(volume -> volume.vmid() == vmid)
            .map(VolumeData::name)
            .toList()
            .forEach(
                name -> {
                  volumes(id).remove(name);
                  node.world().ledger().destroyed(node, "volume", id + ":" + name, user);
                });
      }
    }
  }

  /** Makes a storage fail at this node, or work again. */
  public void setFault(String id, boolean works) {
    if (works) {
      broken.remove(id);
    } else {
      broken.add(id);
    }
  }

  /** What {@code add_storage} checks before the pool is made. */
  void checkPoolStorage(String pool) {
    node.config()
        .entry(Section.STORAGE, pool)
        .ifPresent(
            entry -> {
              if (!"zfspool".equals(entry.get("type")) || !pool.equals(entry.get("pool"))) {
                throw new WorldFailure.Refused(
                    "storage ID '" + pool + "' already exists with a different type or pool");
              }
              if (entry.get("nodes") == null || nodesOf(entry).contains(node.name())) {
                throw new WorldFailure.Refused(
                    "storage '" + pool + "' already exists on node '" + node.name() + "'");
              }
            });
  }

  /** {@code add_storage}: a new entry for this node, or this node added to the entry. */
  void addPoolStorage(String pool) {
    checkPoolStorage(pool);
    SortedMap<String, String> entry =
        new TreeMap<>(
            node.config().entry(Section.STORAGE, pool).orElse(Collections.emptySortedMap()));
    Set<String> nodes = entry.isEmpty() ? new TreeSet<>() : new TreeSet<>(nodesOf(entry));
    nodes.add(node.name());
    entry.put("type", "zfspool");
    entry.put("pool", pool);
    entry.putIfAbsent("content", "rootdir,images");
    entry.put("nodes", String.join(",", nodes));
    node.write(Section.STORAGE, config -> config.with(Section.STORAGE, pool, entry));
  }

  /** {@code cleanup-config}: takes this node out of the entries of the pool. */
  void dropPoolStorage(String pool, String user) {
    node.write(
        Section.STORAGE,
        config -> {
          ClusterConfig changed = config;
          for (var storage : config.section(Section.STORAGE).entrySet()) {
            SortedMap<String, String> entry = new TreeMap<>(storage.getValue());
            if (!pool.equals(entry.get("pool")) || !"zfspool".equals(entry.get("type"))) {
              continue;
            }
            Set<String> nodes = new TreeSet<>(config.section(Section.COROSYNC_NODES).keySet());
            if (entry.get("nodes") != null) {
              nodes = nodesOf(entry);
            }
            if (nodes.remove(node.name())) {
              node.world()
                  .ledger()
                  .removed(node, "storage-node", storage.getKey() + " " + node.name(), user);
            }
            if (nodes.isEmpty()) {
              changed = changed.without(Section.STORAGE, storage.getKey());
            } else {
              entry.put("nodes", String.join(",", nodes));
              changed = changed.with(Section.STORAGE, storage.getKey(), entry);
            }
          }
          return changed;
        });
  }
}
