package io.pveha.simulator.guests;

import io.pveha.simulator.config.GuestConfig;
import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.machine.Digests;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.MachinePart;
import io.pveha.simulator.machine.TaskRun;
import io.pveha.simulator.machine.Upid;
import io.pveha.simulator.machine.WorldFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The guests whose configuration lies at one node. */
public final class NodeGuests implements MachinePart {

  /**
   * What {@code status/current} tells.
   *
   * @param status running or stopped
   * @param uptime seconds, 0 when stopped
   * @param haState null when not an HA resource
   * @param lock null when not locked
   */
  public record Status(
      int vmid,
      GuestKind kind,
      String name,
      String status,
      long uptime,
      double cpu,
      int cpus,
      long mem,
      long maxmem,
      long disk,
      long maxdisk,
      int pid,
      boolean template,
      String tags,
      String lock,
      String haState,
      String pool) {}

  /** How a guest is to go down. */
  public record StopOptions(Optional<Duration> timeout, boolean forceStop, boolean keepHaState) {}

  /**
   * What the migration precheck tells.
   *
   * @param notAllowed node to reason
   * @param localDisks volume ids on storages that are not shared
   */
  public record MigrationCheck(
      boolean running,
      List<String> allowed,
      SortedMap<String, String> notAllowed,
      List<String> localDisks) {}

  /** Parameters of a migration; {@code restart} for containers, {@code online} for VMs. */
  public record Migrate(
      String target, boolean online, boolean restart, boolean withLocalDisks, boolean force) {}

  /** Parameters of a clone. */
  public record Clone(
      int newId,
      Optional<String> name,
      boolean full,
      Optional<String> target,
      Optional<String> storage,
      Optional<String> pool) {}

  private static final Duration SOON = Duration.ofMillis(200);

  private final Machine node;

  public NodeGuests(Machine node) {
    this.node = node;
  }

  /** Guests here of that kind, by id. */
  public List<Status> list(GuestKind kind) {
    List<Status> guests = new ArrayList<>();
    SortedMap<Integer, SortedMap<String, String>> here = new TreeMap<>();
    node.config()
        .section(Section.GUESTS)
        .forEach(
            (vmid, entry) -> {
              if (entry.get("node").equals(node.name()) && kind.name().equals(entry.get("kind"))) {
                here.put(Integer.parseInt(vmid), entry);
              }
            });
    here.forEach((vmid, entry) -> guests.add(GuestFigures.of(node, kind, vmid, entry)));
    return guests;
  }

  public Status status(GuestKind kind, int vmid) {
    return GuestFigures.of(node, kind, vmid, require(kind, vmid));
  }

  /** Whether the guest has booted and answers those who reach this node. */
  public boolean answers(int vmid) {
    return node.part(GuestRunner.class).answers(vmid);
  }

  /** Number of the last write that the copy running here made; 0 when none runs. */
  public long lastWrite(int vmid) {
    return node.part(GuestRunner.class).isRunning(vmid)
        ? node.part(GuestRunner.class).lastWrite(vmid)
        : 0;
  }

  /** Its process dies, if it runs here. */
  public void crash(int vmid) {
    node.part(GuestRunner.class).kill(vmid);
  }

  /** The options with {@code digest}; refused with the real text when the guest is not here. */
  public SortedMap<String, String> config(GuestKind kind, int vmid) {
    SortedMap<String, String> options = GuestConfig.options(require(kind, vmid));
    options.put("digest", node.config().digest(Section.GUESTS, Integer.toString(vmid)));
    return options;
  }

  SortedMap<String, String> require(GuestKind kind, int vmid) {
    return GuestConfig.entry(node.config(), vmid)
        .filter(entry -> kind.name().equals(entry.get("kind")))
        .filter(entry -> node.name().equals(entry.get("node")))
        .orElseThrow(() -> new WorldFailure.Refused(noConfig(node, kind, vmid)));
  }

  public static String noConfig(Machine node, GuestKind kind, int vmid) {
    String folder = kind == GuestKind.CT ? "lxc" : "qemu-server";
    return "Configuration file 'nodes/"
        + node.name()
        + "/"
        + folder
        + "/"
        + vmid
        + ".conf' does not exist";
  }

  private SortedMap<String, String> requireUnlocked(GuestKind kind, int vmid) {
    SortedMap<String, String> entry = require(kind, vmid);
    if (entry.containsKey("lock")) {
      throw new WorldFailure.Refused(kind.name() + " is locked (" + entry.get("lock") + ")");
    }
    return entry;
  }

  /**
   * Creates a guest (task {@code vzcreate} or {@code qmcreate}).
   *
   * @param options as sent; disks as {@code STORAGE:GIB}
   * @param template volume id of the container template; empty for VMs
   */
  public Upid create(
      String user,
      GuestKind kind,
      int vmid,
      Map<String, String> options,
      Optional<String> template,
      boolean start) {
    return new GuestBirth(node, user, kind).create(vmid, options, template, start);
  }

  /** Restores a guest from a backup (task {@code vzrestore} or {@code qmrestore}). */
  public Upid restore(
      String user,
      GuestKind kind,
      int vmid,
      Map<String, String> options,
      String archive,
      boolean start) {
    return new GuestBirth(node, user, kind).restore(vmid, options, archive, start);
  }

  public Upid clone(String user, GuestKind kind, int vmid, Clone request) {
    return new GuestBirth(node, user, kind).clone(vmid, requireUnlocked(kind, vmid), request);
  }

  public void configure(
      GuestKind kind,
      int vmid,
      Map<String, String> set,
      Set<String> delete,
      Optional<String> digest) {
    requireUnlocked(kind, vmid);
    node.checkWritable(null);
    Digests.check(digest, node.config().digest(Section.GUESTS, Integer.toString(vmid)));
    Map<String, String> changes = new GuestBirth(node, "root@pam", kind).withVolumes(vmid, set);
    node.write(
        null,
        config -> {
          SortedMap<String, String> entry =
              new TreeMap<>(GuestConfig.entry(config, vmid).orElseThrow());
          entry.keySet().removeAll(delete);
          entry.putAll(changes);
          return config.with(Section.GUESTS, Integer.toString(vmid), entry);
        });
  }

  /** The same as a task {@code qmconfig}; what is wrong with the options shows in the task. */
  public Upid configureInTask(
      String user,
      GuestKind kind,
      int vmid,
      Map<String, String> set,
      Set<String> delete,
      Optional<String> digest) {
    requireUnlocked(kind, vmid);
    node.checkWritable(null);
    return node.tasks()
        .start(
            user,
            type(kind, "config"),
            Integer.toString(vmid),
            SOON,
            run -> {
              configure(kind, vmid, set, delete, digest);
              run.succeed();
            });
  }

  /** Starts it, or queues that with the HA manager (task {@code hastart}). */
  public Upid start(String user, GuestKind kind, int vmid) {
    SortedMap<String, String> entry = require(kind, vmid);
    if ("1".equals(entry.get("template"))) {
      throw new WorldFailure.Refused("you can't start a " + kind.ha() + " if it's a template");
    }
    if (isHaManaged(kind, vmid)) {
      return haTask(user, "hastart", kind, vmid, () -> setHaState(kind, vmid, "started"));
    }
    requireUnlocked(kind, vmid);
    node.checkWritable(null);
    if (node.part(GuestRunner.class).isRunning(vmid)) {
      throw new WorldFailure.Refused(kind.name() + " " + vmid + " already running");
    }
    return node.tasks()
        .start(
            user,
            type(kind, "start"),
            Integer.toString(vmid),
            SOON,
            run -> node.part(GuestRunner.class).start(vmid, reason -> end(run, reason)));
  }

  private static void end(TaskRun run, String reason) {
    if (!run.isRunning()) {
      return;
    }
    if (reason == null) {
      run.succeed();
    } else {
      run.fail(reason);
    }
  }

  public Upid stop(String user, GuestKind kind, int vmid) {
    require(kind, vmid);
    if (isHaManaged(kind, vmid)) {
      return haTask(
          user,
          "hastop",
          kind,
          vmid,
          () -> node.part(GuestHa.class).queueStop(GuestConfig.sid(kind, vmid), 0));
    }
    return stopTask(user, "stop", kind, vmid, true);
  }

  public Upid shutdown(String user, GuestKind kind, int vmid, StopOptions options) {
    require(kind, vmid);
    if (isHaManaged(kind, vmid) && !options.keepHaState()) {
      int grace = (int) options.timeout().orElse(Duration.ofSeconds(60)).toSeconds();
      return haTask(
          user,
          "hastop",
          kind,
          vmid,
          () -> node.part(GuestHa.class).queueStop(GuestConfig.sid(kind, vmid), grace));
    }
    return stopTask(user, "shutdown", kind, vmid, false);
  }

  private Upid stopTask(String user, String verb, GuestKind kind, int vmid, boolean hard) {
    requireUnlocked(kind, vmid);
    if (!node.part(GuestRunner.class).isRunning(vmid)) {
      throw new WorldFailure.Refused(
          kind == GuestKind.CT ? "CT " + vmid + " not running" : "VM " + vmid + " not running");
    }
    return node.tasks()
        .start(
            user,
            type(kind, verb),
            Integer.toString(vmid),
            SOON,
            run -> node.part(GuestRunner.class).stop(vmid, hard, () -> end(run, null)));
  }

  public Upid reboot(String user, GuestKind kind, int vmid) {
    requireUnlocked(kind, vmid);
    if (!node.part(GuestRunner.class).isRunning(vmid)) {
      throw new WorldFailure.Refused(kind.name() + " " + vmid + " not running");
    }
    return node.tasks()
        .start(
            user,
            type(kind, "reboot"),
            Integer.toString(vmid),
            SOON,
            run ->
                node.part(GuestRunner.class)
                    .stop(
                        vmid,
                        false,
                        () ->
                            node.part(GuestRunner.class).start(vmid, reason -> end(run, reason))));
  }

  public MigrationCheck migrationCheck(GuestKind kind, int vmid, Optional<String> target) {
    return new GuestMove(node, kind, vmid).check(require(kind, vmid), target);
  }

  public Upid migrate(String user, GuestKind kind, int vmid, Migrate request) {
    SortedMap<String, String> entry = require(kind, vmid);
    if (request.target().equals(node.name())) {
      throw new WorldFailure.BadParameter("target", "target is local node.");
    }
    if (isHaManaged(kind, vmid)) {
      String verb = kind == GuestKind.CT && !request.restart() ? "relocate" : "migrate";
      return haTask(
          user,
          "hamigrate",
          kind,
          vmid,
          () ->
              node.part(GuestHa.class)
                  .queueMove(verb, GuestConfig.sid(kind, vmid), request.target()));
    }
    requireUnlocked(kind, vmid);
    return new GuestMove(node, kind, vmid).start(user, entry, request);
  }

  /**
   * Moves the guest's configuration file to this node, as a root shell of a quorate node can do
   * with that of a dead one. Nobody checks whether the guest still runs where it was.
   */
  public void takeOver(GuestKind kind, int vmid) {
    node.checkWritable(null);
    String holder =
        GuestConfig.node(node.config(), vmid)
            .filter(any -> GuestConfig.kind(node.config(), vmid).orElseThrow() == kind)
            .orElseThrow(() -> new WorldFailure.Refused(noConfig(node, kind, vmid)));
    if (holder.equals(node.name())) {
      throw new WorldFailure.Refused("File exists");
    }
    node.write(null, config -> GuestConfig.moved(config, vmid, node.name()));
  }

  public Upid destroy(
      String user, GuestKind kind, int vmid, boolean purge, boolean force, boolean unreferenced) {
    return new GuestBirth(node, user, kind)
        .destroy(vmid, requireUnlocked(kind, vmid), purge, force);
  }

  private boolean isHaManaged(GuestKind kind, int vmid) {
    return GuestConfig.isHaManaged(node.config(), kind, vmid);
  }

  private void setHaState(GuestKind kind, int vmid, String state) {
    node.part(GuestHa.class)
        .updateResource(
            GuestConfig.sid(kind, vmid), Map.of("state", state), Set.of(), Optional.empty());
  }

  private Upid haTask(String user, String type, GuestKind kind, int vmid, Runnable request) {
    return node.tasks()
        .start(
            user,
            type,
            Integer.toString(vmid),
            SOON,
            run -> {
              request.run();
              run.log("Requesting HA " + type.substring(2) + " for " + kind.name() + " " + vmid);
              run.succeed();
            });
  }

  public static String type(GuestKind kind, String verb) {
    return (kind == GuestKind.CT ? "vz" : "qm") + verb;
  }
}
