package io.pveha.proxmox;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.Upid;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Disks, ZFS pools and storage entries. */
public final class StorageCalls {

  private final ProxmoxApi api;

  public StorageCalls(ProxmoxApi api) {
    this.api = api;
  }

  /** Disks of a node, without partitions; SMART is left out since it is slow. */
  public Query<List<Disk>> disks(NodeName node) {
    return disks(node, true);
  }

  /** Disks of a node with their health as SMART tells it; takes seconds on real disks. */
  public Query<List<Disk>> disksWithHealth(NodeName node) {
    return disks(node, false);
  }

  private Query<List<Disk>> disks(NodeName node, boolean skipSmart) {
    return Query.of(
        api,
        ApiRequest.get(onNode(node) + "/disks/list").with("skipsmart", skipSmart),
        answer -> Answers.rows(answer, Disk.class, Disk::devpath));
  }

  /** All ZFS pools of a node. */
  public Query<List<Pool>> pools(NodeName node) {
    return Query.of(
        api,
        ApiRequest.get(onNode(node) + "/disks/zfs"),
        answer -> Answers.allRows(answer, Pool.class, Pool::key));
  }

  /** One pool with what it is made of. */
  public Query<PoolDetail> pool(NodeName node, String name) {
    return Query.of(
        api,
        ApiRequest.get(onNode(node) + "/disks/zfs/" + Paths.segment(name)),
        answer -> Answers.read(answer, PoolDetail.class));
  }

  /** Makes a pool on disks that Proxmox counts as unused; makes no storage entry. */
  public Upid createPool(
      NodeName node,
      String name,
      String raidLevel,
      List<String> disks,
      int ashift,
      String compression,
      Optional<String> draidConfig) {
    return ClusterCalls.upid(
        api.call(
            ApiRequest.post(onNode(node) + "/disks/zfs")
                .with("name", name)
                .with("raidlevel", raidLevel)
                .with("devices", disks)
                .with("ashift", ashift)
                .with("compression", compression)
                .with("draid-config", draidConfig)
                .with("add_storage", false)));
  }

  /** Destroys a pool with its data, and nothing else; the disks are not wiped. */
  public Upid destroyPool(NodeName node, String name) {
    return ClusterCalls.upid(
        api.call(ApiRequest.delete(onNode(node) + "/disks/zfs/" + Paths.segment(name))));
  }

  /** All storage entries of the cluster. */
  public Query<List<Storage>> storages() {
    return Query.of(
        api,
        ApiRequest.get("/storage"),
        answer -> Answers.rows(answer, Storage.class, Storage::storage));
  }

  /** Makes a storage entry for a pool; to be asked of a node that has it. */
  public void createZfsStorage(
      String id,
      String pool,
      Collection<String> content,
      Collection<String> nodes,
      boolean sparse,
      Optional<String> blockSize,
      Optional<String> mountPoint) {
    api.call(
        ApiRequest.post("/storage")
            .with("storage", id)
            .with("type", "zfspool")
            .with("pool", pool)
            .with("content", content)
            .with("nodes", nodes)
            .with("sparse", sparse)
            .with("blocksize", blockSize)
            .with("mountpoint", mountPoint));
  }

  /**
   * Limits a storage entry to these nodes.
   *
   * @param digest of the entries when they were read; refused when they changed since
   */
  public void setStorageNodes(String id, Collection<String> nodes, Optional<String> digest) {
    api.call(
        ApiRequest.put("/storage/" + Paths.segment(id))
            .with("nodes", nodes)
            .with("digest", digest));
  }

  /** Removes a storage entry; the data stays. */
  public void removeStorage(String id) {
    api.call(ApiRequest.delete("/storage/" + Paths.segment(id)));
  }

  /** How the storages stand on a node. */
  public Query<List<StorageStatus>> storageStatus(NodeName node) {
    return Query.of(
        api,
        ApiRequest.get(onNode(node) + "/storage"),
        answer -> Answers.allRows(answer, StorageStatus.class, StorageStatus::storage));
  }

  /** What lies on a storage of a node. */
  public Query<List<Volume>> content(NodeName node, String storage) {
    return Query.of(
        api,
        ApiRequest.get(onNode(node) + "/storage/" + Paths.segment(storage) + "/content"),
        answer -> Answers.allRows(answer, Volume.class, Volume::volid));
  }

  /** What of one kind lies on a storage of a node, as {@code iso}. */
  public Query<List<Volume>> content(NodeName node, String storage, String kind) {
    return Query.of(
        api,
        ApiRequest.get(onNode(node) + "/storage/" + Paths.segment(storage) + "/content")
            .with("content", kind),
        answer -> Answers.allRows(answer, Volume.class, Volume::volid));
  }

  private static String onNode(NodeName node) {
    return Paths.node(node);
  }

  /**
   * A disk.
   *
   * @param used what it is used for, in Proxmox's words; null when it is unused
   * @param health {@code PASSED}, {@code FAILED}, {@code UNKNOWN} ...; null when not asked
   * @param wearout percent of life left, or {@code N/A}; null when not asked
   */
  public record Disk(
      String devpath,
      @JsonProperty("by_id_link") String byIdLink,
      long size,
      String type,
      String model,
      String serial,
      String wwn,
      String used,
      String health,
      String wearout) {}

  /**
   * A pool in the list.
   *
   * @param frag percent
   * @param health in ZFS's words: ONLINE, DEGRADED, FAULTED, SUSPENDED, ...
   */
  public record Pool(
      String name, long size, long alloc, long free, int frag, double dedup, String health) {

    private static final Pattern STATE = Pattern.compile("[A-Z_]{2,32}");

    /** Its name; null where no state is told: that is no failed pool, and nothing rests on it. */
    String key() {
      return health != null && STATE.matcher(health).matches() ? name : null;
    }

    /**
     * The same with its filling in steps of about a thousandth of its size: a pool is written to
     * all the time, and nobody wants to be told each time.
     */
    public Pool inSteps() {
      long step = Math.max(1, Long.highestOneBit(Math.max(1, size / 1000)));
      return new Pool(name, size, alloc / step * step, free / step * step, frag, dedup, health);
    }
  }

  /** A pool in detail; what ZFS does not say is null. */
  public record PoolDetail(
      String name,
      String state,
      String status,
      String action,
      String scan,
      String errors,
      List<Vdev> children) {

    public PoolDetail {
      children = children == null ? List.of() : List.copyOf(children);
    }
  }

  /** A part of a pool: a disk, a mirror, or the pool itself. */
  public record Vdev(
      String name,
      String state,
      String msg,
      Integer read,
      Integer write,
      Integer cksum,
      List<Vdev> children) {

    public Vdev {
      children = children == null ? List.of() : List.copyOf(children);
    }
  }

  /**
   * A storage entry; lists come with commas, and are empty when absent.
   *
   * @param pool dataset, for ZFS
   * @param path for directories
   * @param mountpoint of the dataset, if the entry says so
   * @param digest of all entries together
   */
  public record Storage(
      String storage,
      String type,
      String pool,
      String path,
      String mountpoint,
      String content,
      String nodes,
      boolean disable,
      String digest) {

    public List<String> nodeList() {
      return nodes == null || nodes.isBlank()
          ? List.of()
          : Arrays.stream(nodes.split(",")).map(String::strip).sorted().toList();
    }
  }

  /**
   * A storage on a node, sizes in bytes.
   *
   * @param content what may lie there, with commas
   * @param active whether it works there; null when that is not told
   * @param shared whether all nodes see the same content
   */
  public record StorageStatus(
      String storage,
      String type,
      String content,
      Boolean active,
      boolean enabled,
      boolean shared,
      long total,
      long used,
      long avail) {

    /** The same whatever lies there: what is used changes with every write. */
    public StorageStatus withoutFilling() {
      return new StorageStatus(storage, type, content, active, enabled, shared, 0, 0, 0);
    }

    /** Whether it is said to work there. */
    public boolean isActive() {
      return Boolean.TRUE.equals(active);
    }

    /** Whether it is said not to work there, which is more than not to be told. */
    public boolean isInactive() {
      return Boolean.FALSE.equals(active);
    }

    /** Whether disks of guests may lie there. */
    public boolean isForGuests() {
      return content != null
          && Arrays.stream(content.split(","))
              .map(String::strip)
              .anyMatch(word -> word.equals("images") || word.equals("rootdir"));
    }
  }

  /** A volume. */
  public record Volume(String volid, String content, long size, Integer vmid) {}
}
