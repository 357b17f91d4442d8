package io.pveha.simulator.guests;

import io.pveha.simulator.config.ClusterConfig;
import io.pveha.simulator.config.GuestConfig;
import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.config.HaEntries;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.guests.GuestBackups.Backup;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.Upid;
import io.pveha.simulator.machine.WorldFailure;
import io.pveha.simulator.storage.NodeStorage;
import io.pveha.simulator.storage.VolumeData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Creating, cloning and deleting guests of one kind at one node. */
final class GuestBirth {

  private static final Set<String> NOT_KEPT =
      Set.of(
          "password",
          "ssh-public-keys",
          "start",
          "pool",
          "storage",
          "force",
          "restore",
          "ignore-unpack-errors",
          "bwlimit",
          "unique",
          "ha-managed",
          "vmid",
          "node",
          "ostemplate",
          "archive",
          "live-restore",
          "import-working-storage");

  private static final Pattern CLOUD_INIT = Pattern.compile("(file=)?[^:,=]+:cloudinit(,.*)?");

  private final Machine node;
  private final String user;
  private final GuestKind kind;

  GuestBirth(Machine node, String user, GuestKind kind) {
    this.node = node;
    this.user = user;
    this.kind = kind;
  }

  Upid create(int vmid, Map<String, String> options, Optional<String> template, boolean start) {
    node.checkWritable(null);
    checkUnused(vmid);
    Map<String, String> wanted = new TreeMap<>(options);
    template.ifPresent(this::checkTemplate);
    if (kind == GuestKind.CT) {
      wanted.putIfAbsent("rootfs", wanted.getOrDefault("storage", "local") + ":4");
    }
    checkDisks(wanted);
    Duration takes =
        node.world().between(kind == GuestKind.CT ? 3 : 1, kind == GuestKind.CT ? 5 : 2);
    return node.tasks()
        .start(
            user,
            NodeGuests.type(kind, "create"),
            Integer.toString(vmid),
            takes,
            run -> {
              node.checkWritable(null);
              checkUnused(vmid);
              template.ifPresent(
                  volid ->
                      run.log(
                          "extracting archive '/var/lib/vz/template/cache/"
                              + volid.substring(volid.indexOf('/') + 1)
                              + "'"));
              SortedMap<String, String> entry = newEntry(vmid, withVolumes(vmid, wanted), template);
              node.write(
                  null, config -> config.with(Section.GUESTS, Integer.toString(vmid), entry));
              if ("1".equals(options.get("ha-managed"))) {
                node.part(GuestHa.class)
                    .createResource(
                        GuestConfig.sid(kind, vmid),
                        Map.of("state", start ? "started" : "stopped"));
              } else if (start) {
                node.part(NodeGuests.class).start(user, kind, vmid);
              }
              run.succeed();
            });
  }

  /** Makes it as a backup has it, with other options where they are given. */
  Upid restore(int vmid, Map<String, String> options, String archive, boolean start) {
    node.checkWritable(null);
    checkUnused(vmid);
    Backup backup =
        node.part(GuestBackups.class)
            .find(archive)
            .filter(any -> any.kind() == kind)
            .orElseThrow(
                () ->
                    new WorldFailure.Refused(
                        "unable to restore %s %d - volume '%s' does not exist"
                            .formatted(kind.name(), vmid, archive)));
    return node.tasks()
        .start(
            user,
            kind == GuestKind.CT ? "vzrestore" : "qmrestore",
            Integer.toString(vmid),
            node.world().between(3, 6),
            run -> {
              node.checkWritable(null);
              checkUnused(vmid);
              run.log("recovering backed-up configuration from '" + archive + "'");
              SortedMap<String, String> entry = restored(vmid, options, backup);
              node.write(
                  null, config -> config.with(Section.GUESTS, Integer.toString(vmid), entry));
              if (start) {
                node.part(NodeGuests.class).start(user, kind, vmid);
              }
              run.succeed();
            });
  }

  /** Its disks are recreated, on the storage that is given or where they were. */
  private SortedMap<String, String> restored(int vmid, Map<String, String> options, Backup backup) {
    SortedMap<String, String> entry = new TreeMap<>(backup.entry());
    entry.remove("lock");
    SortedMap<String, String> given = new TreeMap<>(options);
    given.keySet().removeAll(NOT_KEPT);
    given.keySet().removeIf(GuestConfig::isDiskKey);
    entry.putAll(given);
    entry.put("node", node.name());
    Set<String> taken = new HashSet<>();
    for (GuestConfig.DiskOf disk : GuestConfig.disks(backup.entry())) {
      String storage = options.getOrDefault("storage", disk.storage());
      VolumeData data = backup.disks().get(disk.key());
      Map<String, VolumeData> volumes = node.part(NodeStorage.class).volumes(storage);
      String name = freeName(vmid, volumes, taken);
      volumes.put(name, data.copy(name, vmid, node.world().now()));
      entry.put(
          disk.key(), backup.entry().get(disk.key()).replace(disk.volid(), storage + ":" + name));
    }
    return entry;
  }

  private void checkUnused(int vmid) {
    Optional<String> holder = GuestConfig.node(node.config(), vmid);
    if (holder.isPresent()) {
      GuestKind taken = GuestConfig.kind(node.config(), vmid).orElse(kind);
      throw new WorldFailure.Refused(
          "unable to create "
              + kind.name()
              + " "
              + vmid
              + " - "
              + taken.name()
              + " "
              + vmid
              + " already exists on node '"
              + holder.get()
              + "'");
    }
  }

  private void checkTemplate(String volid) {
    String storage = volid.contains(":") ? volid.substring(0, volid.indexOf(':')) : "";
    boolean there =
        node.part(NodeStorage.class).content(storage).stream()
            .anyMatch(volume -> volume.volid().equals(volid));
    if (!there) {
      throw new WorldFailure.Refused("unable to create CT - volume '" + volid + "' does not exist");
    }
  }

  private void checkDisks(Map<String, String> options) {
    String content = kind == GuestKind.CT ? "rootdir" : "images";
    options.forEach(
        (key, value) -> {
          if (isNewDisk(key, value)) {
            String storage = withoutKey(value).split(":")[0];
            node.part(NodeStorage.class).volumes(storage);
            if (!node.part(NodeStorage.class).allows(storage, content)) {
              throw new WorldFailure.Refused(
                  "storage '" + storage + "' does not support content-type '" + content + "'");
            }
          }
        });
  }

  private static boolean isNewDisk(String key, String value) {
    return GuestConfig.isDiskKey(key)
        && value.matches("(volume=|file=)?[^:,=]+:\\d+(\\.\\d+)?(,.*)?");
  }

  /** A disk's value without the name of its first key, which may be left out. */
  private static String withoutKey(String value) {
    return value.replaceFirst("^(volume|file)=", "");
  }

  private SortedMap<String, String> newEntry(
      int vmid, Map<String, String> options, Optional<String> template) {
    SortedMap<String, String> entry = new TreeMap<>(options);
    entry.keySet().removeAll(NOT_KEPT);
    entry.put("node", node.name());
    entry.put("kind", kind.name());
    Optional.ofNullable(options.get("pool")).ifPresent(pool -> entry.put("resource-pool", pool));
    if (kind == GuestKind.CT) {
      entry.putIfAbsent("arch", "amd64");
      entry.putIfAbsent("hostname", "CT" + vmid);
      entry.putIfAbsent("memory", "512");
      entry.putIfAbsent("swap", "512");
      template.ifPresent(volid -> entry.putIfAbsent("ostype", osType(volid)));
    } else {
      entry.putIfAbsent("memory", "512");
      entry.putIfAbsent("boot", bootOrder(options));
      entry.put("meta", "creation-qemu=10.1.2,ctime=" + node.clockNow().getEpochSecond());
      entry.put("vmgenid", node.world().anyUuid());
      entry.put("smbios1", "uuid=" + node.world().anyUuid());
    }
    return entry;
  }

  /** The first disk, the CD drives, then the first network card. */
  private static String bootOrder(Map<String, String> options) {
    List<String> order = new ArrayList<>();
    List<String> drives =
        Stream.of("ide", "sata", "scsi", "virtio")
            .flatMap(bus -> options.keySet().stream().filter(key -> key.matches(bus + "\\d+")))
            .toList();
    drives.stream().filter(key -> !isCdrom(options.get(key))).findFirst().ifPresent(order::add);
    drives.stream().filter(key -> isCdrom(options.get(key))).forEach(order::add);
    options.keySet().stream()
        .filter(key -> key.matches("net\\d+"))
        .findFirst()
        .ifPresent(order::add);
    return order.isEmpty() ? "" : "order=" + String.join(";", order);
  }

  private static boolean isCdrom(String value) {
    return value.contains("media=cdrom");
  }

  private static String osType(String volid) {
    for (String system : List.of("alpine", "ubuntu", "fedora", "archlinux")) {
      if (volid.contains("/" + system)) {
        return system;
      }
    }
    return "debian";
  }

  /** The options with newly asked disks allocated and named. */
  Map<String, String> withVolumes(int vmid, Map<String, String> options) {
    node.part(LocalResources.class).configured(kind, options);
    Map<String, String> named = new TreeMap<>(options);
    Set<String> taken = new HashSet<>();
    GuestConfig.entry(node.config(), vmid)
        .ifPresent(entry -> GuestConfig.disks(entry).forEach(disk -> taken.add(disk.volume())));
    for (Map.Entry<String, String> option : new TreeMap<>(options).entrySet()) {
      if (isNewDisk(option.getKey(), option.getValue())) {
        named.put(option.getKey(), allocate(vmid, option.getValue(), taken));
      } else if (CLOUD_INIT.matcher(option.getValue()).matches()) {
        named.put(option.getKey(), cloudInit(vmid, option.getValue()));
      } else if (option.getKey().matches("net\\d+")) {
        named.put(option.getKey(), withMac(vmid, option.getKey(), option.getValue()));
      }
    }
    return named;
  }

  private String allocate(int vmid, String value, Set<String> taken) {
    String[] parts = withoutKey(value).split(",", 2);
    String storage = parts[0].substring(0, parts[0].indexOf(':'));
    String gib = parts[0].substring(parts[0].indexOf(':') + 1);
    Map<String, VolumeData> volumes = node.part(NodeStorage.class).volumes(storage);
    String name = freeName(vmid, volumes, taken);
    long bytes = (long) (Double.parseDouble(gib) * (1L << 30));
    volumes.put(
        name,
        new VolumeData(
            name,
            vmid,
            kind == GuestKind.CT ? "rootdir" : "images",
            kind == GuestKind.CT ? "subvol" : "raw",
            bytes,
            node.world().now(),
            List.of()));
    String rest = parts.length > 1 ? "," + parts[1] : "";
    return storage + ":" + name + rest + ",size=" + gib + "G";
  }

  private String freeName(int vmid, Map<String, VolumeData> volumes, Set<String> taken) {
    String format = kind == GuestKind.CT ? "subvol" : "vm";
    String name;
    int number = 0;
    do {
      name = format + "-" + vmid + "-disk-" + number++;
    } while (volumes.containsKey(name) || taken.contains(name));
    taken.add(name);
    return name;
  }

  /** A drive that is recreated with each start, so nothing of it is kept. */
  private static String cloudInit(int vmid, String value) {
    String drive = value.replaceFirst(":cloudinit", ":vm-" + vmid + "-cloudinit");
    return drive.contains("media=cdrom") ? drive : drive + ",media=cdrom";
  }

  private String withMac(int vmid, String key, String value) {
    if (value.matches(".*(hwaddr=|[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}).*")) {
      return value;
    }
    String mac =
        String.format(
            "BC:24:11:%02X:%02X:%02X",
            vmid >> 8 & 0xff, vmid & 0xff, Math.floorMod(key.hashCode(), 256));
    return kind == GuestKind.CT
        ? value + ",hwaddr=" + mac + ",type=veth"
        : value.replaceFirst("^([a-z0-9]+)", "$1=" + mac);
  }

  Upid clone(int vmid, SortedMap<String, String> source, NodeGuests.Clone request) {
    node.checkWritable(null);
    checkUnused(request.newId());
    Machine target = node.world().node(request.target().orElse(node.name()));
    if (target != node) {
      throw new WorldFailure.Refused(
          "can't clone " + kind.name() + " to node '" + target.name() + "' (storage is local)");
    }
    if (kind == GuestKind.CT && node.part(GuestRunner.class).isRunning(vmid)) {
      throw new WorldFailure.Refused(
          "Cannot do full clones on a running container without" + " snapshots");
    }
    return node.tasks()
        .start(
            user,
            NodeGuests.type(kind, "clone"),
            Integer.toString(vmid),
            node.world().between(3, 6),
            run -> {
              node.checkWritable(null);
              checkUnused(request.newId());
              SortedMap<String, String> entry = copied(source, request);
              node.write(
                  null,
                  config -> config.with(Section.GUESTS, Integer.toString(request.newId()), entry));
              run.succeed();
            });
  }

  private SortedMap<String, String> copied(
      SortedMap<String, String> source, NodeGuests.Clone request) {
    SortedMap<String, String> entry = new TreeMap<>(source);
    entry.remove("template");
    entry.remove("lock");
    entry.remove("resource-pool");
    request.pool().ifPresent(pool -> entry.put("resource-pool", pool));
    request.name().ifPresent(name -> entry.put(kind == GuestKind.CT ? "hostname" : "name", name));
    for (GuestConfig.DiskOf disk : GuestConfig.disks(source)) {
      VolumeData original = node.part(NodeStorage.class).volumes(disk.storage()).get(disk.volume());
      if (original == null) {
        throw new WorldFailure.Refused("volume '" + disk.volid() + "' does not exist");
      }
      String storage = request.storage().orElse(disk.storage());
      String name = disk.volume().replaceFirst("-\\d+-disk-", "-" + request.newId() + "-disk-");
      node.part(NodeStorage.class)
          .volumes(storage)
          .put(name, original.copy(name, request.newId(), node.world().now()));
      entry.put(disk.key(), source.get(disk.key()).replace(disk.volid(), storage + ":" + name));
    }
    return entry;
  }

  Upid destroy(int vmid, SortedMap<String, String> entry, boolean purge, boolean force) {
    node.checkWritable(null);
    String sid = GuestConfig.sid(kind, vmid);
    if (!purge && node.config().entry(Section.HA_RESOURCES, sid).isPresent()) {
      throw new WorldFailure.Refused(
          "unable to remove "
              + kind.name()
              + " "
              + vmid
              + " - used in HA resources and purge parameter not set.");
    }
    List<String> jobs = jobsOf(vmid);
    if (!purge && !jobs.isEmpty()) {
      throw new WorldFailure.Refused(
          "There is a replication job '"
              + jobs.get(0)
              + "' for guest '"
              + vmid
              + "' - Please remove that first.");
    }
    if (node.part(GuestRunner.class).isRunning(vmid) && !force) {
      throw new WorldFailure.Refused(
          "unable to destroy "
              + kind.name()
              + " "
              + vmid
              + " - "
              + (kind == GuestKind.CT ? "container is running" : "VM is running - destroy failed"));
    }
    return node.tasks()
        .start(
            user,
            NodeGuests.type(kind, "destroy"),
            Integer.toString(vmid),
            Duration.ofMillis(1500),
            run -> {
              node.checkWritable(null);
              node.part(GuestRunner.class).kill(vmid);
              removeVolumes(entry);
              node.world().ledger().destroyed(node, "guest", sid, user);
              node.write(null, config -> forgotten(config, vmid, sid, jobs));
              jobs.forEach(job -> node.world().ledger().removed(node, "job", job, user));
              run.succeed();
            });
  }

  private void removeVolumes(SortedMap<String, String> entry) {
    for (GuestConfig.DiskOf disk : GuestConfig.disks(entry)) {
      if (node.part(NodeStorage.class).isUsable(disk.storage())
          && node.part(NodeStorage.class).volumes(disk.storage()).remove(disk.volume()) != null) {
        node.world().ledger().destroyed(node, "volume", disk.volid(), user);
      }
    }
  }

  private List<String> jobsOf(int vmid) {
    List<String> jobs = new ArrayList<>();
    for (String job : node.config().section(Section.REPLICATION).keySet()) {
      if (job.startsWith(vmid + "-")) {
        jobs.add(job);
      }
    }
    return jobs;
  }

  private static ClusterConfig forgotten(
      ClusterConfig config, int vmid, String sid, List<String> jobs) {
    ClusterConfig changed = config.without(Section.GUESTS, Integer.toString(vmid));
    for (String job : jobs) {
      changed = changed.without(Section.REPLICATION, job);
    }
    return HaEntries.withoutResource(changed, sid, true);
  }
}
