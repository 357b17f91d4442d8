package io.pveha.simulator.storage;

import io.pveha.simulator.config.Section;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.MachinePart;
import io.pveha.simulator.machine.TaskRun;
import io.pveha.simulator.machine.Upid;
import io.pveha.simulator.machine.WorldFailure;
import io.pveha.simulator.machine.WorldSpec.DiskSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Disks and ZFS pools of one node. */
public final class NodeDisks implements MachinePart {

  /**
   * A disk as {@code disks/list} shows it.
   *
   * @param used null when free
   * @param health {@code PASSED}, {@code FAILED} or {@code UNKNOWN}
   * @param wearout percent of life left; negative when unknown
   */
  public record Disk(
      String devpath,
      String model,
      String serial,
      String vendor,
      String wwn,
      String byIdLink,
      long size,
      String type,
      boolean gpt,
      String used,
      String health,
      int wearout) {

    Disk named(String path) {
      return new Disk(
          path, model, serial, vendor, wwn, byIdLink, size, type, gpt, used, health, wearout);
    }

    Disk usedFor(String purpose) {
      return new Disk(
          devpath,
          model,
          serial,
          vendor,
          wwn,
          byIdLink,
          size,
          type,
          purpose != null,
          purpose,
          health,
          wearout);
    }

    Disk worn(int percentLeft) {
      return new Disk(
          devpath,
          model,
          serial,
          vendor,
          wwn,
          byIdLink,
          size,
          type,
          gpt,
          used,
          health,
          percentLeft);
    }

    Disk inHealth(String state) {
      return new Disk(
          devpath, model, serial, vendor, wwn, byIdLink, size, type, gpt, used, state, wearout);
    }
  }

  /** A pool as {@code disks/zfs} lists it. */
  public record PoolSummary(
      String name, long size, long alloc, long free, int frag, double dedup, String health) {}

  /** A row of the pool's tree; leaves have no children. */
  public record Vdev(
      String name,
      String state,
      long read,
      long write,
      long cksum,
      String message,
      List<Vdev> children) {}

  /** A pool as {@code disks/zfs/NAME} shows it; nulls where the real answer has no such key. */
  public record PoolDetail(
      String name,
      String state,
      String status,
      String action,
      String scan,
      String errors,
      List<Vdev> children) {}

  /** Parameters of {@code POST disks/zfs}; {@code draidConfig} empty unless draid. */
  public record CreatePool(
      String name,
      String raidLevel,
      List<String> devices,
      int ashift,
      String compression,
      boolean addStorage,
      Map<String, String> draidConfig) {

    public CreatePool {
      devices = List.copyOf(devices);
    }
  }

  private static final Duration WORK = Duration.ofMillis(1500);

  private final Machine node;
  private final Map<String, Disk> disks = new LinkedHashMap<>();
  private final Map<String, ZfsPool> pools = new TreeMap<>();

  public NodeDisks(Machine node) {
    this.node = node;
    node.spec().disks().forEach(disk -> disks.put(disk.devpath(), built(disk)));
  }

  private static Disk built(DiskSpec spec) {
    int wearout = spec.type().equals("hdd") ? -1 : 97;
    return new Disk(
        spec.devpath(),
        spec.model(),
        spec.serial(),
        "ATA     ",
        wwn(spec.serial()),
        link(spec.model(), spec.serial()),
        spec.bytes(),
        spec.type(),
        spec.used() != null,
        spec.used(),
        "PASSED",
        wearout);
  }

  private static String wwn(String serial) {
    return String.format("0x5000c500%08x", serial.hashCode());
  }

  private static String link(String model, String serial) {
    return "/dev/disk/by-id/ata-" + model + "_" + serial;
  }

  public List<Disk> list() {
    return List.copyOf(disks.values());
  }

  public List<PoolSummary> pools() {
    return pools.values().stream().map(ZfsPool::summary).toList();
  }

  public PoolDetail pool(String name) {
    if (!pools.containsKey(name)) {
      throw new WorldFailure.Refused(
          "command '/sbin/zpool status -P " + name + "' failed: exit code 1");
    }
    return require(name).detail();
  }

  ZfsPool find(String name) {
    return pools.get(name);
  }

  private ZfsPool require(String name) {
    ZfsPool pool = pools.get(name);
    if (pool == null) {
      throw new WorldFailure.Refused("zpool error: cannot open '" + name + "': no such pool");
    }
    return pool;
  }

  /** Starts the task {@code zfscreate}. */
  public Upid createPool(String user, CreatePool request) {
    RaidLevel level = RaidLevel.of(request.raidLevel());
    if (request.name().matches("(mirror|raidz|draid|spare).*|log")) {
      throw new WorldFailure.Refused("cannot create '" + request.name() + "': name is reserved");
    }
    checkFree(request.devices());
    if (pools.containsKey(request.name())) {
      throw new WorldFailure.Refused(
          "pool '" + request.name() + "' already exists on node '" + node.name() + "'");
    }
    level.check(request.devices().size());
    if (request.addStorage()) {
      node.part(NodeStorage.class).checkPoolStorage(request.name());
    }
    return node.tasks()
        .start(user, "zfscreate", request.name(), WORK, run -> make(run, level, request));
  }

  private void checkFree(List<String> devices) {
    if (new TreeSet<>(devices).size() != devices.size()) {
      throw new WorldFailure.Refused("duplicate devices");
    }
    for (String device : devices) {
      Disk disk = at(device);
      if (disk == null) {
        throw new WorldFailure.Refused("device '" + device + "' does not exist");
      }
      if (disk.used() != null) {
        throw new WorldFailure.Refused("device '" + disk.devpath() + "' is already in use");
      }
    }
  }

  private Disk at(String path) {
    return disks.values().stream()
        .filter(disk -> disk.devpath().equals(path) || disk.byIdLink().equals(path))
        .findFirst()
        .orElse(null);
  }

  private void make(TaskRun run, RaidLevel level, CreatePool request) {
    if (pools.containsKey(request.name())) {
      throw new WorldFailure.Refused(
          "pool '" + request.name() + "' already exists on node '" + node.name() + "'");
    }
    checkFree(request.devices());
    if (request.addStorage()) {
      node.checkWritable(Section.STORAGE);
    }
    List<Disk> members = new ArrayList<>();
    for (String device : request.devices()) {
      Disk disk = at(device).usedFor("ZFS");
      disks.put(disk.devpath(), disk);
      members.add(disk);
    }
    run.log(
        "# /sbin/zpool create -o ashift="
            + request.ashift()
            + " "
            + request.name()
            + " "
            + (level == RaidLevel.SINGLE ? "" : level.word() + " ")
            + String.join(" ", members.stream().map(Disk::byIdLink).toList()));
    run.log("# /sbin/zfs set compression=" + request.compression() + " " + request.name());
    run.log("# systemctl enable zfs-import@" + request.name() + ".service");
    pools.put(request.name(), new ZfsPool(request.name(), level, members, node.world().now()));
    if (request.addStorage()) {
      node.part(NodeStorage.class).addPoolStorage(request.name());
    }
    run.succeed();
  }

  /** Starts the task {@code zfsremove}. */
  public Upid destroyPool(String user, String name, boolean cleanupConfig, boolean cleanupDisks) {
    return node.tasks()
        .start(
            user,
            "zfsremove",
            name,
            WORK,
            run -> {
              ZfsPool pool = require(name);
              if (node.part(VolumeUser.class).usesAny(pool.volumes().values())) {
                throw new WorldFailure.Refused(
                    "command 'zpool destroy "
                        + name
                        + "' failed: exit code 1: cannot destroy '"
                        + name
                        + "': pool is busy");
              }
              if (cleanupConfig) {
                node.part(NodeStorage.class).dropPoolStorage(name, user);
              }
              run.log("# zpool destroy " + name);
              destroy(pool, user);
              if (cleanupDisks) {
                pool.devices().forEach(disk -> release(disk.devpath()));
              }
              run.succeed();
            });
  }

  private void destroy(ZfsPool pool, String by) {
    pools.remove(pool.name());
    node.world().ledger().destroyed(node, "pool", pool.name(), by);
    pool.volumes()
        .keySet()
        .forEach(volume -> node.world().ledger().destroyed(node, "volume", volume, by));
  }

  private void release(String devpath) {
    disks.computeIfPresent(devpath, (path, disk) -> disk.usedFor(null));
  }

  /** Starts the task {@code wipedisk}. */
  public Upid wipe(String user, String devpath) {
    Disk disk = at(devpath);
    if (disk == null) {
      throw new WorldFailure.Refused("device '" + devpath + "' does not exist");
    }
    return node.tasks()
        .start(
            user,
            "wipedisk",
            disk.devpath().substring(disk.devpath().lastIndexOf('/') + 1),
            WORK,
            run -> {
              if (disk.serial().equals(node.spec().disks().get(0).serial())) {
                throw new WorldFailure.Refused(
                    "disk/partition '" + disk.devpath() + "3' is mounted");
              }
              boolean inPool =
                  pools.values().stream()
                      .flatMap(pool -> pool.devices().stream())
                      .anyMatch(each -> each.devpath().equals(disk.devpath()));
              if (inPool) {
                throw new WorldFailure.Refused(
                    "disk/partition '" + disk.devpath() + "' has a holder");
              }
              node.world().ledger().destroyed(node, "disk", disk.devpath(), user);
              release(disk.devpath());
              run.succeed();
            });
  }

  /** Breaks or mends a disk. */
  public void setDiskFault(String devpath, boolean failing, boolean dead) {
    Disk disk = at(devpath);
    if (disk == null) {
      throw new WorldFailure.Refused("device '" + devpath + "' does not exist");
    }
    disks.put(disk.devpath(), disk.inHealth(failing || dead ? "FAILED" : "PASSED"));
    for (ZfsPool pool : pools.values()) {
      boolean member =
          pool.devices().stream().anyMatch(each -> each.devpath().equals(disk.devpath()));
      if (member) {
        pool.device(disk.devpath(), dead ? "FAULTED" : failing ? "DEGRADED" : null);
      }
    }
    node.part(VolumeUser.class).poolsChanged();
  }

  /** The kernel names the disks in another order, as it may after a boot. */
  public void swapNames(String one, String other) {
    Disk first = disks.get(one);
    Disk second = disks.get(other);
    if (first == null || second == null) {
      throw new WorldFailure.Refused(
          "device '" + (first == null ? one : other) + "' does not exist");
    }
    disks.put(one, second.named(one));
    disks.put(other, first.named(other));
    pools.values().forEach(pool -> pool.swapNames(one, other));
  }

  /**
   * A blank disk is put in. One of a serial number that is there already is another path of the
   * same disk, as a LUN shows without multipathd.
   */
  public void attach(DiskSpec spec) {
    if (disks.containsKey(spec.devpath())) {
      throw new WorldFailure.Refused("device '" + spec.devpath() + "' exists");
    }
    disks.put(spec.devpath(), built(spec));
  }

  /**
   * A disk is taken out, and a blank one of the same kind put in its place while the node is off. A
   * pool that can't do without it is not imported afterwards.
   */
  public void replace(String devpath, String serial) {
    Disk old = at(devpath);
    if (old == null) {
      throw new WorldFailure.Refused("device '" + devpath + "' does not exist");
    }
    Disk blank =
        new Disk(
            old.devpath(),
            old.model(),
            serial,
            old.vendor(),
            wwn(serial),
            link(old.model(), serial),
            old.size(),
            old.type(),
            false,
            null,
            "PASSED",
            old.wearout());
    disks.put(old.devpath(), blank);
    for (ZfsPool pool : List.copyOf(pools.values())) {
      if (pool.devices().stream().anyMatch(each -> each.serial().equals(old.serial()))) {
        pool.device(old.devpath(), "FAULTED");
        if (!pool.isUsable()) {
          pools.remove(pool.name());
        }
      }
    }
    node.part(VolumeUser.class).poolsChanged();
  }

  /** A solid-state disk has this much of its life left, in percent. */
  public void setWearout(String devpath, int percentLeft) {
    Disk disk = at(devpath);
    if (disk == null) {
      throw new WorldFailure.Refused("device '" + devpath + "' does not exist");
    }
    disks.put(disk.devpath(), disk.worn(percentLeft));
  }

  /** Sets a pool's state; {@code ONLINE} lets it follow its disks again. */
  public void setPoolState(String name, String state) {
    require(name).force(state);
    node.part(VolumeUser.class).poolsChanged();
  }
}
