package io.pveha.simulator.guests;

import io.pveha.simulator.config.GuestConfig;
import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.MachinePart;
import io.pveha.simulator.machine.WorldFailure;
import io.pveha.simulator.storage.NodeStorage;
import io.pveha.simulator.storage.VolumeData;
import io.pveha.simulator.storage.VolumeUser;
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
public final class GuestRunner implements MachinePart, VolumeUser {

  /** A running copy. */
  private static final class Running {
    final int vmid;
    final GuestKind kind;
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
        GuestKind kind,
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

  private final Machine node;
  private final SortedMap<Integer, Running> running = new TreeMap<>();

  public GuestRunner(Machine node) {
    this.node = node;
  }

  public boolean isRunning(int vmid) {
    return running.containsKey(vmid);
  }

  public List<Integer> vmids() {
    return List.copyOf(running.keySet());
  }

  Instant started(int vmid) {
    return running.get(vmid).started;
  }

  int pid(int vmid) {
    return running.get(vmid).pid;
  }

  public GuestKind kind(int vmid) {
    return running.get(vmid).kind;
  }

  /** Whether a client that reaches the node gets an answer from the guest. */
  public boolean answers(int vmid) {
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

  @Override
  public boolean usesAny(Collection<VolumeData> volumes) {
    return running.values().stream()
        .anyMatch(guest -> guest.volumes.stream().anyMatch(volumes::contains));
  }

  /** What would stop it from starting; null when nothing would. */
  String obstacle(int vmid) {
    SortedMap<String, String> entry = GuestConfig.entry(node.config(), vmid).orElse(null);
    if (entry == null || !node.name().equals(entry.get("node"))) {
      GuestKind kind = GuestConfig.kind(node.config(), vmid).orElse(GuestKind.CT);
      return NodeGuests.noConfig(node, kind, vmid);
    }
    try {
      for (GuestConfig.DiskOf disk : GuestConfig.disks(entry)) {
        if (!disk.key().startsWith("unused")
            && !node.part(NodeStorage.class).volumes(disk.storage()).containsKey(disk.volume())) {
          return node.part(NodeStorage.class).missing(disk);
        }
      }
    } catch (WorldFailure.Refused unavailable) {
      return unavailable.getMessage();
    }
    return node.part(LocalResources.class)
        .missing(GuestKind.valueOf(entry.get("kind")), entry)
        .orElse(null);
  }

  /**
   * Starts the process.
   *
   * @param started called with null when it was started, or else with the reason, after the time
   *     that takes
   */
  public void start(int vmid, Consumer<String> started) {
    String obstacle = obstacle(vmid);
    GuestKind kind = GuestConfig.kind(node.config(), vmid).orElse(GuestKind.CT);
    if (obstacle == null && running.containsKey(vmid)) {
      obstacle = kind.name() + " " + vmid + " already running";
    }
    if (obstacle != null) {
      String reason = obstacle;
      node.later(Duration.ofMillis(400), () -> started.accept(reason));
      return;
    }
    launch(vmid, kind);
    Duration takes = Duration.ofMillis(kind == GuestKind.CT ? 700 : 1200);
    node.later(takes, () -> started.accept(null));
  }

  /** The process exists from this moment on. */
  private void launch(int vmid, GuestKind kind) {
    Duration boot =
        kind == GuestKind.CT
            ? node.world().spec().timings().containerBoot()
            : node.world().spec().timings().vmBoot();
    launch(vmid, kind, node.world().now().plus(jittered(boot)), node.world().now());
  }

  private Duration jittered(Duration boot) {
    return boot.multipliedBy(node.world().between(0.9, 1.1).toMillis()).dividedBy(1000);
  }

  private void launch(int vmid, GuestKind kind, Instant ready, Instant started) {
    for (Machine other : node.world().nodes()) {
      if (other != node && other.part(GuestRunner.class).isRunning(vmid)) {
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
    disks.forEach(
        disk ->
            volumes.add(node.part(NodeStorage.class).volumes(disk.storage()).get(disk.volume())));
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
  void continueHere(int vmid, Machine source) {
    Running guest = source.part(GuestRunner.class).running.get(vmid);
    Instant started = guest.started;
    source.part(GuestRunner.class).kill(vmid);
    launch(vmid, guest.kind, node.world().now(), started);
  }

  /**
   * Ends the process.
   *
   * @param hard at once rather than by asking the guest
   */
  public void stop(int vmid, boolean hard, Runnable stopped) {
    Running guest = running.get(vmid);
    if (guest == null) {
      node.later(Duration.ZERO, stopped);
      return;
    }
    Duration takes =
        hard
            ? Duration.ofMillis(300)
            : node.world()
                .between(guest.kind == GuestKind.CT ? 1.5 : 5, guest.kind == GuestKind.CT ? 3 : 12);
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
  public void flushAll() {
    running.values().forEach(this::flush);
  }

  private void flush(Running guest) {
    if (guest.writingSince != null) {
      long seconds = Duration.between(guest.writingSince, node.world().now()).toSeconds();
      guest.volumes.forEach(volume -> volume.wrote(guest.run, node.name(), guest.base + seconds));
    }
  }

  private void resume(Running guest) {
    boolean usable =
        guest.disks.stream()
            .allMatch(disk -> node.part(NodeStorage.class).isUsable(disk.storage()));
    if (usable && guest.writingSince == null) {
      guest.base = guest.volumes.stream().mapToLong(VolumeData::lastWrite).max().orElse(0);
      guest.writingSince = node.world().now();
    } else if (!usable && guest.writingSince != null) {
      guest.writingSince = null;
    }
  }

  /** Some pool lets itself be written no more, or again. */
  @Override
  public void poolsChanged() {
    for (Running guest : running.values()) {
      flush(guest);
      resume(guest);
    }
  }

  /** Guests outside HA with {@code onboot}. */
  @Override
  public void booted() {
    node.later(Duration.ofSeconds(6), this::startOnBoot);
  }

  @Override
  public void goDown(boolean again, Runnable ready) {
    shutdownAll();
    ready.run();
  }

  @Override
  public void powerLost() {
    vmids().forEach(this::kill);
  }

  private void startOnBoot() {
    if (!node.membership().quorate()) {
      node.later(Duration.ofSeconds(5), this::startOnBoot);
      return;
    }
    for (Map.Entry<String, SortedMap<String, String>> guest :
        node.config().section(Section.GUESTS).entrySet()) {
      int vmid = Integer.parseInt(guest.getKey());
      GuestKind kind = GuestKind.valueOf(guest.getValue().get("kind"));
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
