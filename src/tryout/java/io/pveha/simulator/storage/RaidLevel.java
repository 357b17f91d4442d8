package io.pveha.simulator.storage;

import io.pveha.simulator.machine.WorldFailure;
import io.pveha.simulator.storage.NodeDisks.Vdev;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The raid levels of {@code POST disks/zfs}. */
enum RaidLevel {
  SINGLE(1, 0),
  MIRROR(2, 1),
  RAID10(4, 1),
  RAIDZ(3, 1),
  RAIDZ2(4, 2),
  RAIDZ3(5, 3),
  DRAID(3, 1),
  DRAID2(4, 2),
  DRAID3(5, 3);

  private final int minimumDisks;
  private final int parity;

  RaidLevel(int minimumDisks, int parity) {
    this.minimumDisks = minimumDisks;
    this.parity = parity;
  }

  static RaidLevel of(String name) {
    for (RaidLevel level : values()) {
      if (level.word().equals(name)) {
        return level;
      }
    }
    throw new WorldFailure.BadParameter(
        "raidlevel", "value '" + name + "' does not have a value in the enumeration");
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  void check(int disks) {
    if (this == SINGLE && disks != 1) {
      throw new WorldFailure.Refused("single needs exactly 1 disk");
    }
    if (disks < minimumDisks) {
      throw new WorldFailure.Refused(word() + " needs at least " + minimumDisks + " disks");
    }
    if (this == RAID10 && disks % 2 != 0) {
      throw new WorldFailure.Refused("raid10 needs an even number of disks");
    }
  }

  /** How many devices may fail, whichever they are. */
  int redundancy(int disks) {
    return this == MIRROR ? disks - 1 : parity;
  }

  /** What {@code zpool list} gives as size. */
  long size(long disk, int disks) {
    return switch (this) {
      case SINGLE, MIRROR -> disk;
      case RAID10 -> disk * disks / 2;
      case RAIDZ, RAIDZ2, RAIDZ3, DRAID, DRAID2, DRAID3 -> disk * disks;
    };
  }

  /** The rows below the pool. */
  List<Vdev> group(List<Vdev> leaves, String state) {
    return switch (this) {
      case SINGLE -> leaves;
      case MIRROR -> List.of(row("mirror-0", state, leaves));
      case RAID10 -> {
        List<Vdev> mirrors = new ArrayList<>();
        for (int at = 0; at + 1 < leaves.size(); at += 2) {
          List<Vdev> pair = leaves.subList(at, at + 2);
          boolean whole = pair.stream().allMatch(leaf -> leaf.state().equals("ONLINE"));
          mirrors.add(row("mirror-" + at / 2, whole ? "ONLINE" : "DEGRADED", pair));
        }
        yield mirrors;
      }
      case RAIDZ, RAIDZ2, RAIDZ3, DRAID, DRAID2, DRAID3 ->
          List.of(row("raidz" + parity + "-0", state, leaves));
    };
  }

  private static Vdev row(String name, String state, List<Vdev> children) {
    return new Vdev(name, state, 0, 0, 0, "", List.copyOf(children));
  }
}
