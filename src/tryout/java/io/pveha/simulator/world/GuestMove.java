package io.pveha.simulator.world;

import io.pveha.simulator.world.NodeGuests.Kind;
import io.pveha.simulator.world.NodeGuests.Migrate;
import io.pveha.simulator.world.NodeGuests.MigrationCheck;
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
final class GuestMove {

  private final NodeHost node;
  private final Kind kind;
  private final int vmid;

  GuestMove(NodeHost node, Kind kind, int vmid) {
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
        if (!node.world().node(other).storage().isConfigured(disk.storage())) {
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
        node.runner().isRunning(vmid),
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
    boolean running = node.runner().isRunning(vmid);
    if (running && kind == Kind.CT && !request.restart()) {
      throw new WorldFailure.Refused(
          "can't migrate running container without --online or --restart");
    }
    if (running && kind == Kind.VM && !request.online()) {
      throw new WorldFailure.Refused("can't migrate running VM without --online");
    }
    if (running
        && kind == Kind.VM
        && !request.force()
        && !jobTargets().isEmpty()
        && !jobTargets().contains(target)) {
      throw new WorldFailure.Refused(
          "Cannot live migrate replicated VM to node '"
              + target
              + "' - not a replication target. Use 'force' to override.");
    }
    for (GuestConfig.DiskOf disk : GuestConfig.disks(entry)) {
      if (!node.world().node(target).storage().isConfigured(disk.storage())) {
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
              boolean live = running && kind == Kind.VM;
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
                node.runner().stop(vmid, false, () -> move(target, false, moved));
              } else {
                move(target, live, moved);
              }
            });
  }

  private void restartAt(String target, String user) {
    NodeHost there = node.world().node(target);
    there
        .tasks()
        .start(
            user,
            NodeGuests.type(kind, "start"),
            Integer.toString(vmid),
            Duration.ofMillis(200),
            run ->
                there
                    .runner()
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
  void move(String target, boolean live, Consumer<String> done) {
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
    NodeHost there = node.world().node(target);
    if (!node.world().canTalk(node.name(), target)) {
      return "Can't connect to destination address using public key";
    }
    SortedMap<String, String> entry = GuestConfig.entry(node.config(), vmid).orElse(null);
    if (entry == null || !node.name().equals(entry.get("node"))) {
      return NodeGuests.noConfig(node, kind, vmid);
    }
    if (!live && node.runner().isRunning(vmid)) {
      return kind.name() + " is running";
    }
    node.runner().flushAll();
    boolean replicated = jobTargets().contains(target);
    List<GuestConfig.DiskOf> local =
        GuestConfig.disks(entry).stream()
            .filter(disk -> !node.storage().isShared(disk.storage()))
            .toList();
    for (GuestConfig.DiskOf disk : local) {
      Map<String, VolumeData> from = node.storage().volumes(disk.storage());
      Map<String, VolumeData> to = there.storage().volumes(disk.storage());
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
    node.replication().handOver(vmid, there);
    node.write(
        null,
        config -> GuestConfig.put(GuestConfig.moved(config, vmid, target), vmid, "lock", null));
    if (live && node.runner().isRunning(vmid)) {
      there.runner().continueHere(vmid, node);
    }
    node.log("pvedaemon", "root@pam", 6, kind.name() + " " + vmid + " moved to " + target);
    return null;
  }

  private void carry(NodeHost there, GuestConfig.DiskOf disk, boolean replicated) {
    Map<String, VolumeData> from = node.storage().volumes(disk.storage());
    Map<String, VolumeData> to = there.storage().volumes(disk.storage());
    VolumeData volume = from.get(disk.volume());
    VolumeData copy = to.get(disk.volume());
    if (replicated && copy != null) {
      String snapshot = "__migration__" + node.clockNow().getEpochSecond();
      copy.receive(snapshot, volume.writes(), volume.bytes());
      copy.snapshots().remove(snapshot);
      node.replication().commonBase(vmid, volume, copy);
    } else {
      VolumeData moved = volume.copy(volume.name(), vmid, volume.created());
      moved.snapshots().putAll(volume.snapshots());
      to.put(disk.volume(), moved);
      if (replicated) {
        node.replication().commonBase(vmid, volume, moved);
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
