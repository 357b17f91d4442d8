package io.pveha.simulator.world;

import io.pveha.simulator.world.NodeGuests.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The guests' processes on one node. A running guest makes one numbered write per simulated second
 * on each of its disks, as long as their pools let it.
 */
final class GuestRunner {

  /** A running copy. */
  private static final class Running {
    final int vmid;
    final Kind kind;
    final long run;
    final Instant started;
    final Instant ready;
    final int pid;
    final List<GuestConfig.DiskOf> disks;
    final List<VolumeData> volumes;
    long base;
    Instant writingSince;

    Running(
        int vmid,
        Kind kind,
        long run,
        Instant started,
        Instant ready,
        int pid,
        List<GuestConfig.DiskOf> disks,
        List<VolumeData> volumes) {
      this.vmid = vmid;
      this.kind = kind;
      this.run = run;
      this.started = started;
      this.ready = ready;
      this.pid = pid;
      this.disks = disks;
      this.volumes = volumes;
    }
  }

  private final NodeHost node;
  private final SortedMap<Integer, Running> running = new TreeMap<>();

  GuestRunner(NodeHost node) {
    this.node = node;
  }

  boolean isRunning(int vmid) {
    return running.containsKey(vmid);
  }

  List<Integer> vmids() {
    return List.copyOf(running.keySet());
  }

  Instant started(int vmid) {
    return running.get(vmid).started;
  }

  int pid(int vmid) {
    return running.get(vmid).pid;
  }

  Kind kind(int vmid) {
    return running.get(vmid).kind;
  }

  /** Whether a client that reaches the node gets an answer from the guest. */
  boolean answers(int vmid) {
    Running guest = running.get(vmid);
    return guest != null
        && !node.world().now().isBefore(guest.ready)
        && guest.writingSince != null
        && node.world().network().isConnected(node.name());
  }

  /** Number of the last write that the running copy made. */
  long lastWrite(int vmid) {
    Running guest = running.get(vmid);
    flush(guest);
    return guest.volumes.isEmpty() ? 0 : guest.volumes.get(0).lastWrite();
  }

  boolean usesAny(Collection<VolumeData> volumes) {
    return running.values().stream()
        .anyMatch(guest -> guest.volumes.stream().anyMatch(volumes::contains));
  }

  /** What would stop it from starting; null when nothing would. */
  String obstacle(int vmid) {
    SortedMap<String, String> entry = GuestConfig.entry(node.config(), vmid).orElse(null);
    if (entry == null || !node.name().equals(entry.get("node"))) {
      Kind kind = GuestConfig.kind(node.config(), vmid).orElse(Kind.CT);
      return NodeGuests.noConfig(node, kind, vmid);
    }
    try {
      for (GuestConfig.DiskOf disk : GuestConfig.disks(entry)) {
        if (!disk.key().startsWith("unused")
            && !node.storage().volumes(disk.storage()).containsKey(disk.volume())) {
          return node.storage().missing(disk);
        }
      }
    } catch (WorldFailure.Refused unavailable) {
      return unavailable.getMessage();
    }
    return node.things().missing(Kind.valueOf(entry.get("kind")), entry).orElse(null);
  }

  /**
   * Starts the process.
   *
   * @param started called with null when it was started, or else with the reason, after the time
   *     that takes
   */
  void start(int vmid, Consumer<String> started) {
    String obstacle = obstacle(vmid);
    Kind kind = GuestConfig.kind(node.config(), vmid).orElse(Kind.CT);
    if (obstacle == null && running.containsKey(vmid)) {
      obstacle = kind.name() + " " + vmid + " already running";
    }
    if (obstacle != null) {
      String reason = obstacle;
      node.later(Duration.ofMillis(400), () -> started.accept(reason));
      return;
    }
    launch(vmid, kind);
    Duration takes = Duration.ofMillis(kind == Kind.CT ? 700 : 1200);
    node.later(takes, () -> started.accept(null));
  }

  /** The process exists from this moment on. */
  private void launch(int vmid, Kind kind) {
    Duration boot =
        kind == Kind.CT
            ? node.world().spec().timings().containerBoot()
            : node.world().spec().timings().vmBoot();
    launch(vmid, kind, node.world().now().plus(jittered(boot)), node.world().now());
  }

  private Duration jittered(Duration boot) {
    return boot.multipliedBy(node.world().between(0.9, 1.1).toMillis()).dividedBy(1000);
  }

  private void launch(int vmid, Kind kind, Instant ready, Instant started) {
    for (NodeHost other : node.world().nodes()) {
      if (other != node && other.runner().isRunning(vmid)) {
        node.world()
            .ledger()
            .violation(
                "guest "
                    + vmid
                    + " started on "
                    + node.name()
                    + " while it runs on "
                    + other.name());
      }
    }
    List<VolumeData> volumes = new ArrayList<>();
    List<GuestConfig.DiskOf> disks =
        GuestConfig.disks(GuestConfig.entry(node.config(), vmid).orElseThrow()).stream()
            .filter(disk -> !disk.key().startsWith("unused"))
            .toList();
    disks.forEach(disk -> volumes.add(node.storage().volumes(disk.storage()).get(disk.volume())));
    Running guest =
        new Running(
            vmid,
            kind,
            node.world().ledger().nextRun(),
            started,
            ready,
            node.tasks().nextPid(),
            disks,
            volumes);
    running.put(vmid, guest);
    resume(guest);
    node.log("pvedaemon", "root@pam", 6, kind.name() + " " + vmid + " runs");
  }

  /** Takes over a running VM whose disks have arrived; it never stopped. */
  void continueHere(int vmid, NodeHost source) {
    Running guest = source.runner().running.get(vmid);
    Instant started = guest.started;
    source.runner().kill(vmid);
    launch(vmid, guest.kind, node.world().now(), started);
  }

  /**
   * Ends the process.
   *
   * @param hard at once rather than by asking the guest
   */
  void stop(int vmid, boolean hard, Runnable stopped) {
    Running guest = running.get(vmid);
    if (guest == null) {
      node.later(Duration.ZERO, stopped);
      return;
    }
    Duration takes =
        hard
            ? Duration.ofMillis(300)
            : node.world().between(guest.kind == Kind.CT ? 1.5 : 5, guest.kind == Kind.CT ? 3 : 12);
    node.later(
        takes,
        () -> {
          if (running.get(vmid) == guest) {
            kill(vmid);
          }
          stopped.run();
        });
  }

  /** The process is gone from one moment to the next. */
  void kill(int vmid) {
    Running guest = running.get(vmid);
    if (guest != null) {
      flush(guest);
      running.remove(vmid);
    }
  }

  void killAll() {
    vmids().forEach(this::kill);
  }

  /** A guest is deleted or moved under its process: both know its data no more. */
  void flushAll() {
    running.values().forEach(this::flush);
  }

  private void flush(Running guest) {
    if (guest.writingSince != null) {
      long seconds = Duration.between(guest.writingSince, node.world().now()).toSeconds();
      guest.volumes.forEach(volume -> volume.wrote(guest.run, node.name(), guest.base + seconds));
    }
  }

  private void resume(Running guest) {
    boolean usable = guest.disks.stream().allMatch(disk -> node.storage().isUsable(disk.storage()));
    if (usable && guest.writingSince == null) {
      guest.base = guest.volumes.stream().mapToLong(VolumeData::lastWrite).max().orElse(0);
      guest.writingSince = node.world().now();
    } else if (!usable && guest.writingSince != null) {
      guest.writingSince = null;
    }
  }

  /** Some pool lets itself be written no more, or again. */
  void poolsChanged() {
    for (Running guest : running.values()) {
      flush(guest);
      resume(guest);
    }
  }

  /** Guests outside HA with {@code onboot}. */
  void startOnBoot() {
    if (!node.membership().quorate()) {
      node.later(Duration.ofSeconds(5), this::startOnBoot);
      return;
    }
    for (Map.Entry<String, SortedMap<String, String>> guest :
        node.config().section(Section.GUESTS).entrySet()) {
      int vmid = Integer.parseInt(guest.getKey());
      Kind kind = Kind.valueOf(guest.getValue().get("kind"));
      if (node.name().equals(guest.getValue().get("node"))
          && "1".equals(guest.getValue().get("onboot"))
          && !GuestConfig.isHaManaged(node.config(), kind, vmid)
          && !isRunning(vmid)) {
        start(vmid, reason -> {});
      }
    }
  }

  /** As the node goes down: all that still run are asked to stop. */
  void shutdownAll() {
    vmids().forEach(vmid -> stop(vmid, false, () -> {}));
  }
}
