package io.pveha.simulator.guests;

import io.pveha.simulator.config.GuestConfig;
import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.guests.NodeGuests.Migrate;
import io.pveha.simulator.guests.NodeGuests.MigrationCheck;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.Upid;
import io.pveha.simulator.machine.WorldFailure;
import io.pveha.simulator.storage.NodeStorage;
import io.pveha.simulator.storage.VolumeData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Moving a guest to another node: its disks (by a last replication where the target has a copy),
 * then its configuration, then its process.
 */
public final class GuestMove {

  private final Machine node;
  private final GuestKind kind;
  private final int vmid;

  public GuestMove(Machine node, GuestKind kind, int vmid) {
    this.node = node;
    this.kind = kind;
    this.vmid = vmid;
  }

  MigrationCheck check(SortedMap<String, String> entry, Optional<String> target) {
    List<String> allowed = new ArrayList<>();
    SortedMap<String, String> notAllowed = new TreeMap<>();
    for (String other : node.membership().members()) {
      if (other.equals(node.name()) || target.isPresent() && !target.get().equals(other)) {
        continue;
      }
      List<String> missing = new ArrayList<>();
      for (GuestConfig.DiskOf disk : GuestConfig.disks(entry)) {
        if (!node.world().node(other).part(NodeStorage.class).isConfigured(disk.storage())) {
          missing.add(disk.storage());
        }
      }
      if (missing.isEmpty()) {
        allowed.add(other);
      } else {
        notAllowed.put(other, String.join(",", missing));
      }
    }
    return new MigrationCheck(
        node.part(GuestRunner.class).isRunning(vmid),
        allowed,
        notAllowed,
        GuestConfig.disks(entry).stream().map(GuestConfig.DiskOf::volid).toList());
  }

  /** The migration as a user asks for it, outside HA. */
  Upid start(String user, SortedMap<String, String> entry, Migrate request) {
    String target = request.target();
    if (!node.membership().isOnline(target) || !node.world().hasNode(target)) {
      throw new WorldFailure.Refused("node '" + target + "' is offline");
    }
    boolean running = node.part(GuestRunner.class).isRunning(vmid);
    if (running && kind == GuestKind.CT && !request.restart()) {
      throw new WorldFailure.Refused(
          "can't migrate running container without --online or --restart");
    }
    if (running && kind == GuestKind.VM && !request.online()) {
      throw new WorldFailure.Refused("can't migrate running VM without --online");
    }
    if (running
        && kind == GuestKind.VM
        && !request.force()
        && !jobTargets().isEmpty()
        && !jobTargets().contains(target)) {
      throw new WorldFailure.Refused(
          "Cannot live migrate replicated VM to node '"
              + target
              + "' - not a replication target. Use 'force' to override.");
    }
    for (GuestConfig.DiskOf disk : GuestConfig.disks(entry)) {
      if (!node.world().node(target).part(NodeStorage.class).isConfigured(disk.storage())) {
        throw new WorldFailure.Refused(
            "storage '" + disk.storage() + "' is not available on node '" + target + "'");
      }
    }
    return node.tasks()
        .start(
            user,
            NodeGuests.type(kind, "migrate"),
            Integer.toString(vmid),
            Duration.ofMillis(400),
            run -> {
              boolean live = running && kind == GuestKind.VM;
              Consumer<String> moved =
                  failure -> {
                    if (failure != null) {
                      run.fail("migration aborted: " + failure);
                    } else if (running && !live) {
                      restartAt(target, user);
                      run.succeed();
                    } else {
                      run.succeed();
                    }
                  };
              run.log(
                  "starting migration of "
                      + kind.name()
                      + " "
                      + vmid
                      + " to node '"
                      + target
                      + "' ("
                      + node.world().node(target).ip()
                      + ")");
              if (running && !live) {
                node.part(GuestRunner.class).stop(vmid, false, () -> move(target, false, moved));
              } else {
                move(target, live, moved);
              }
            });
  }

  private void restartAt(String target, String user) {
    Machine there = node.world().node(target);
    there
        .tasks()
        .start(
            user,
            NodeGuests.type(kind, "start"),
            Integer.toString(vmid),
            Duration.ofMillis(200),
            run ->
                there
                    .part(GuestRunner.class)
                    .start(
                        vmid,
                        reason -> {
                          if (reason == null) {
                            run.succeed();
                          } else {
                            run.fail(reason);
                          }
                        }));
  }

  private List<String> jobTargets() {
    return node.config().section(Section.REPLICATION).entrySet().stream()
        .filter(job -> job.getKey().startsWith(vmid + "-"))
        .map(job -> job.getValue().get("target"))
        .toList();
  }

  /**
   * Moves disks and configuration, and with {@code live} the process.
   *
   * @param done called with null, or else with why it failed; then the guest is where it was
   */
  public void move(String target, boolean live, Consumer<String> done) {
    Duration takes = node.world().between(live ? 4 : 1.5, live ? 9 : 3);
    try {
      node.write(null, config -> GuestConfig.put(config, vmid, "lock", "migrate"));
    } catch (WorldFailure.Waiting waiting) {
      throw waiting;
    } catch (WorldFailure failed) {
      done.accept(failed.getMessage());
      return;
    }
    node.later(takes, () -> finish(target, live, done));
  }

  private void finish(String target, boolean live, Consumer<String> done) {
    String failure;
    try {
      failure = handOver(target, live);
    } catch (WorldFailure.Waiting waiting) {
      throw waiting;
    } catch (WorldFailure failed) {
      failure = failed.getMessage();
    }
    if (failure != null) {
      unlock();
    }
    done.accept(failure);
  }

  private String handOver(String target, boolean live) {
    node.checkWritable(null);
    Machine there = node.world().node(target);
    if (!node.world().canTalk(node.name(), target)) {
      return "Can't connect to destination address using public key";
    }
    SortedMap<String, String> entry = GuestConfig.entry(node.config(), vmid).orElse(null);
    if (entry == null || !node.name().equals(entry.get("node"))) {
      return NodeGuests.noConfig(node, kind, vmid);
    }
    if (!live && node.part(GuestRunner.class).isRunning(vmid)) {
      return kind.name() + " is running";
    }
    node.part(GuestRunner.class).flushAll();
    boolean replicated = jobTargets().contains(target);
    List<GuestConfig.DiskOf> local =
        GuestConfig.disks(entry).stream()
            .filter(disk -> !node.part(NodeStorage.class).isShared(disk.storage()))
            .toList();
    for (GuestConfig.DiskOf disk : local) {
      Map<String, VolumeData> from = node.part(NodeStorage.class).volumes(disk.storage());
      Map<String, VolumeData> to = there.part(NodeStorage.class).volumes(disk.storage());
      VolumeData volume = from.get(disk.volume());
      if (volume == null) {
        return "volume '" + disk.volid() + "' does not exist";
      }
      if (!replicated && to.containsKey(disk.volume())) {
        return "volume '" + disk.volid() + "' already exists on node '" + target + "'";
      }
    }
    for (GuestConfig.DiskOf disk : local) {
      carry(there, disk, replicated);
    }
    node.part(GuestReplicas.class).handOver(vmid, there);
    node.write(
        null,
        config -> GuestConfig.put(GuestConfig.moved(config, vmid, target), vmid, "lock", null));
    if (live && node.part(GuestRunner.class).isRunning(vmid)) {
      there.part(GuestRunner.class).continueHere(vmid, node);
    }
    node.log("pvedaemon", "root@pam", 6, kind.name() + " " + vmid + " moved to " + target);
    return null;
  }

  private void carry(Machine there, GuestConfig.DiskOf disk, boolean replicated) {
    Map<String, VolumeData> from = node.part(NodeStorage.class).volumes(disk.storage());
    Map<String, VolumeData> to = there.part(NodeStorage.class).volumes(disk.storage());
    VolumeData volume = from.get(disk.volume());
    VolumeData copy = to.get(disk.volume());
    if (replicated && copy != null) {
      String snapshot = "__migration__" + node.clockNow().getEpochSecond();
      copy.receive(snapshot, volume.writes(), volume.bytes());
      copy.snapshots().remove(snapshot);
      node.part(GuestReplicas.class).commonBase(vmid, volume, copy);
    } else {
      VolumeData moved = volume.copy(volume.name(), vmid, volume.created());
      moved.snapshots().putAll(volume.snapshots());
      to.put(disk.volume(), moved);
      if (replicated) {
        node.part(GuestReplicas.class).commonBase(vmid, volume, moved);
      } else {
        from.remove(disk.volume());
      }
    }
  }

  private void unlock() {
    if (node.membership().quorate() && !node.world().corosync().isUnsettled(node)) {
      node.write(null, config -> GuestConfig.put(config, vmid, "lock", null));
    }
  }
}
