package io.pveha.simulator.guests;

import io.pveha.simulator.config.GuestConfig;
import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.MachinePart;
import io.pveha.simulator.storage.BackupFiles;
import io.pveha.simulator.storage.NodeStorage;
import io.pveha.simulator.storage.VolumeData;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Backups of guests that were made at one node, as {@code vzdump} makes them. */
public final class GuestBackups implements MachinePart, BackupFiles {

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuu_MM_dd-HH_mm_ss").withZone(ZoneOffset.UTC);

  /**
   * A backup.
   *
   * @param storage id of the storage where it lies
   * @param entry the guest's configuration
   * @param disks what its volumes held, by key of the disk
   */
  record Backup(
      String storage,
      VolumeData file,
      GuestKind kind,
      SortedMap<String, String> entry,
      Map<String, VolumeData> disks) {

    String volid() {
      return storage + ":" + file.name();
    }
  }

  private final Machine node;
  private final Map<String, Backup> backups = new TreeMap<>();

  public GuestBackups(Machine node) {
    this.node = node;
  }

  /** Backs a guest up that is here, as it is now; returns the volume id of the backup. */
  public String make(GuestKind kind, int vmid, String storage) {
    SortedMap<String, String> entry =
        new TreeMap<>(node.part(NodeGuests.class).require(kind, vmid));
    node.part(GuestRunner.class).flushAll();
    Map<String, VolumeData> disks = new TreeMap<>();
    long bytes = 0;
    for (GuestConfig.DiskOf disk : GuestConfig.disks(entry)) {
      VolumeData volume = node.part(NodeStorage.class).volumes(disk.storage()).get(disk.volume());
      disks.put(disk.key(), volume.copy(volume.name(), vmid, node.world().now()));
      bytes += volume.usedBytes();
    }
    String name =
        "backup/vzdump-%s-%d-%s.%s"
            .formatted(
                kind.api(),
                vmid,
                STAMP.format(node.clockNow()),
                kind == GuestKind.CT ? "tar.zst" : "vma.zst");
    VolumeData file =
        new VolumeData(
            name,
            vmid,
            "backup",
            kind == GuestKind.CT ? "tar.zst" : "vma.zst",
            bytes,
            node.world().now(),
            List.of());
    Backup backup = new Backup(storage, file, kind, entry, disks);
    backups.put(backup.volid(), backup);
    return backup.volid();
  }

  /** Those on a storage, as its content lists them. */
  @Override
  public List<VolumeData> on(String storage) {
    List<VolumeData> files = new ArrayList<>();
    backups.values().stream()
        .filter(backup -> backup.storage().equals(storage))
        .forEach(backup -> files.add(backup.file()));
    return files;
  }

  Optional<Backup> find(String volid) {
    return Optional.ofNullable(backups.get(volid));
  }
}
