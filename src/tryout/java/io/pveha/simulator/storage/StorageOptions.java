package io.pveha.simulator.storage;

import io.pveha.simulator.machine.WorldFailure;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which properties a type of storage needs, and what of it may be changed later. */
final class StorageOptions {

  /** These make a storage what it is: they are required, and fixed once it is there. */
  private static final Map<String, List<String>> REQUIRED =
      Map.of(
          "zfspool", List.of("pool"),
          "dir", List.of("path"),
          "btrfs", List.of("path"),
          "nfs", List.of("export", "server"),
          "cifs", List.of("server", "share"),
          "lvm", List.of("vgname"),
          "lvmthin", List.of("thinpool", "vgname"));

  private static final Set<String> OF_ZFS =
      Set.of(
          "blocksize",
          "bwlimit",
          "content",
          "disable",
          "mountpoint",
          "nodes",
          "pool",
          "sparse",
          "type");

  private StorageOptions() {}

  /** Refuses an entry that lacks a property or has one that is none of its type's. */
  static void checkNew(Map<String, String> entry) {
    String type = entry.get("type");
    for (String name : REQUIRED.getOrDefault(type, List.of())) {
      if (!entry.containsKey(name)) {
        throw new WorldFailure.Refused("missing value for required option '" + name + "'");
      }
    }
    checkKnown(type, entry.keySet());
  }

  /** Refuses to change what is fixed or to delete what is needed. */
  static void checkChange(Map<String, String> before, Map<String, String> set, Set<String> delete) {
    String type = before.get("type");
    List<String> fixed = REQUIRED.getOrDefault(type, List.of());
    for (String name : new TreeSet<>(set.keySet())) {
      if (fixed.contains(name)) {
        throw new WorldFailure.Refused("can't change value of fixed parameter '" + name + "'");
      }
    }
    checkKnown(type, set.keySet());
    for (String name : delete) {
      if (fixed.contains(name)) {
        throw new WorldFailure.Refused("unable to delete required option '" + name + "'");
      }
      if (set.containsKey(name)) {
        throw new WorldFailure.Refused(
            "cannot set and delete property '" + name + "' at the same time!");
      }
      if (!isOf(type, name)) {
        throw new WorldFailure.Refused("no such option '" + name + "'");
      }
    }
  }

  private static void checkKnown(String type, Collection<String> names) {
    for (String name : new TreeSet<>(names)) {
      if (!isOf(type, name)) {
        throw new WorldFailure.Refused("unexpected property '" + name + "'");
      }
    }
  }

  /** The other types' properties are left to the declared parameters. */
  private static boolean isOf(String type, String name) {
    return !"zfspool".equals(type) || OF_ZFS.contains(name);
  }
}
