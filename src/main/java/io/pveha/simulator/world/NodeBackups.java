package io.pveha.simulator.world;

import io.pveha.simulator.world.NodeGuests.Kind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Backups on the storage {@code local} of a node. */
public final class NodeBackups {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy_MM_dd-HH_mm_ss").withZone(ZoneOffset.UTC);

  /** A backup: the configuration and the disks as they were, by key of the configuration. */
  record Backup(
      String volid,
      Kind kind,
      int vmid,
      SortedMap<String, String> entry,
      Map<String, VolumeData> disks,
      Instant at) {

    NodeStorage.Volume volume() {
      long size = disks.values().stream().mapToLong(VolumeData::usedBytes).sum() / 2;
      String format = kind == Kind.CT ? "tar.zst" : "vma.zst";
      return new NodeStorage.Volume(volid, "backup", format, size, vmid, at.getEpochSecond());
    }
  }

  private final NodeHost node;
  private final Map<String, Backup> backups = new LinkedHashMap<>();

  NodeBackups(NodeHost node) {
    this.node = node;
  }

  /** Whether the guest is at this node. */
  public boolean canMake(int vmid) {
    return GuestConfig.node(node.config(), vmid).filter(node.name()::equals).isPresent();
  }

  /** Backs up a guest of this node, as {@code vzdump} does; returns the volume id. */
  public String make(int vmid) {
    SortedMap<String, String> entry =
        GuestConfig.entry(node.config(), vmid)
            .filter(guest -> node.name().equals(guest.get("node")))
            .orElseThrow(() -> new WorldFailure.Refused("unable to find VM '" + vmid + "'"));
    node.runner().flushAll();
    Kind kind = Kind.valueOf(entry.get("kind"));
    Instant now = node.world().now();
    String volid =
        "local:backup/vzdump-%s-%d-%s.%s"
            .formatted(kind.api(), vmid, TIME.format(now), kind == Kind.CT ? "tar.zst" : "vma.zst");
    Map<String, VolumeData> disks = new TreeMap<>();
    for (GuestConfig.DiskOf disk : GuestConfig.disks(entry)) {
      VolumeData volume = node.storage().volumes(disk.storage()).get(disk.volume());
      if (volume == null) {
        throw new WorldFailure.Refused(node.storage().missing(disk));
      }
      disks.put(disk.key(), volume.copy(disk.volume(), vmid, now));
    }
    backups.put(volid, new Backup(volid, kind, vmid, new TreeMap<>(entry), disks, now));
    return volid;
  }

  List<NodeStorage.Volume> volumes() {
    return backups.values().stream().map(Backup::volume).toList();
  }

  Optional<Backup> find(String volid) {
    return Optional.ofNullable(backups.get(volid));
  }
}
