package io.pveha.simulator.world;

import io.pveha.simulator.world.NodeGuests.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Making a guest of one kind from a backup at one node. */
final class GuestRestore {

  private final NodeHost node;
  private final String user;
  private final Kind kind;

  GuestRestore(NodeHost node, String user, Kind kind) {
    this.node = node;
    this.user = user;
    this.kind = kind;
  }

  Upid start(int vmid, String archive, Optional<String> storage, boolean force, boolean start) {
    node.checkWritable(null);
    GuestBirth birth = new GuestBirth(node, user, kind);
    NodeBackups.Backup backup =
        node.backups()
            .find(archive)
            .filter(found -> found.kind() == kind)
            .orElseThrow(
                () ->
                    new WorldFailure.Refused(
                        "unable to restore "
                            + kind.name()
                            + " "
                            + vmid
                            + " - volume '"
                            + archive
                            + "' does not exist"));
    check(birth, vmid, force);
    return node.tasks()
        .start(
            user,
            NodeGuests.type(kind, kind == Kind.CT ? "create" : "restore"),
            Integer.toString(vmid),
            node.world().between(4, 8),
            run -> {
              node.checkWritable(null);
              check(birth, vmid, force);
              GuestConfig.entry(node.config(), vmid).ifPresent(birth::removeVolumes);
              SortedMap<String, String> entry = unpacked(birth, vmid, backup, storage);
              node.write(
                  null, config -> config.with(Section.GUESTS, Integer.toString(vmid), entry));
              if (start) {
                node.guests().start(user, kind, vmid);
              }
              run.succeed();
            });
  }

  /** As when it is created, or with force over one that is here and does not run. */
  private void check(GuestBirth birth, int vmid, boolean force) {
    if (!force || !GuestConfig.node(node.config(), vmid).filter(node.name()::equals).isPresent()) {
      birth.checkUnused(vmid);
    } else if (node.runner().isRunning(vmid)) {
      throw new WorldFailure.Refused(
          "unable to restore " + kind.name() + " " + vmid + " - guest is running");
    }
  }

  private SortedMap<String, String> unpacked(
      GuestBirth birth, int vmid, NodeBackups.Backup backup, Optional<String> storage) {
    SortedMap<String, String> entry = new TreeMap<>(backup.entry());
    entry.remove("lock");
    entry.remove("resource-pool");
    entry.put("node", node.name());
    Map<String, String> wanted = new HashMap<>();
    for (GuestConfig.DiskOf disk : GuestConfig.disks(backup.entry())) {
      String options =
          entry.remove(disk.key()).replaceFirst("^[^,]*", "").replaceAll(",size=[^,]*", "");
      double gib = backup.disks().get(disk.key()).bytes() / (double) (1L << 30);
      wanted.put(disk.key(), storage.orElse(disk.storage()) + ":" + sized(gib) + options);
    }
    entry.putAll(birth.withVolumes(vmid, wanted));
    for (GuestConfig.DiskOf disk : GuestConfig.disks(entry)) {
      VolumeData written = backup.disks().get(disk.key());
      Map<String, VolumeData> volumes = node.storage().volumes(disk.storage());
      volumes.put(disk.volume(), written.copy(disk.volume(), vmid, node.world().now()));
    }
    return entry;
  }

  private static String sized(double gib) {
    return gib == Math.rint(gib) ? Long.toString((long) gib) : Double.toString(gib);
  }
}
