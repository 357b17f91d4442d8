package io.pveha.operator.replication;

import io.pveha.core.replication.ReplicationFacts.Disks;
import io.pveha.proxmox.StorageCalls.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads from a guest's configuration what of it Proxmox replicates. */
final class ReplicatedDisks {

  private static final Pattern DISK =
      Pattern.compile(
          "(rootfs|mp\\d+|scsi\\d+|virtio\\d+|sata\\d+|ide\\d+|efidisk\\d+|tpmstate\\d+)");

  private ReplicatedDisks() {}

  /**
   * Disks that are to be replicated; a CD is none, and Proxmox leaves out those on storages that
   * all nodes share.
   *
   * @param shared storages that all nodes share
   */
  static Disks of(Map<String, String> config, List<Storage> storages, Set<String> shared) {
    Map<String, String> types =
        storages.stream().collect(Collectors.toMap(Storage::storage, Storage::type, (a, b) -> a));
    Set<String> replicable = new TreeSet<>();
    List<String> others = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    new TreeMap<>(config)
        .forEach(
            (key, value) -> {
              List<String> options = List.of(value.split(","));
              String volume = options.get(0).replaceFirst("^(volume|file)=", "");
              int colon = volume.indexOf(':');
              boolean exempt = options.contains("media=cdrom") || options.contains("replicate=0");
              if (!DISK.matcher(key).matches() || exempt) {
                return;
              }
              if (volume.startsWith("/")) {
                paths.add("%s (%s)".formatted(key, volume));
                return;
              }
              if (colon < 1) {
                return;
              }
              String storage = volume.substring(0, colon);
              if ("zfspool".equals(types.get(storage))) {
                replicable.add(storage);
              } else if (!shared.contains(storage)) {
                others.add(volume);
              }
            });
    return new Disks(replicable, others, paths);
  }
}
