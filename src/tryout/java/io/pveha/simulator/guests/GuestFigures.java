package io.pveha.simulator.guests;

import io.pveha.simulator.config.GuestConfig;
import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.guests.NodeGuests.Status;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.storage.NodeStorage;
import io.pveha.simulator.storage.VolumeData;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;

/** What a guest's status shows, computed from its configuration and its process. */
final class GuestFigures {

  private GuestFigures() {}

  static Status of(Machine node, GuestKind kind, int vmid, SortedMap<String, String> entry) {
    GuestRunner runner = node.part(GuestRunner.class);
    boolean running = runner.isRunning(vmid);
    int cores = number(entry, "cores", 1) * number(entry, "sockets", 1);
    long maxmem = (long) number(entry, "memory", 512) << 20;
    long maxdisk = 0;
    long disk = 0;
    for (GuestConfig.DiskOf each : GuestConfig.disks(entry)) {
      VolumeData volume =
          node.part(NodeStorage.class).isUsable(each.storage())
              ? node.part(NodeStorage.class).volumes(each.storage()).get(each.volume())
              : null;
      if (volume != null && maxdisk == 0) {
        maxdisk = volume.bytes();
        disk = kind == GuestKind.CT ? volume.usedBytes() : 0;
      }
    }
    String haState =
        GuestConfig.isHaManaged(node.config(), kind, vmid)
            ? node.part(GuestHa.class).shownState(GuestConfig.sid(kind, vmid))
            : null;
    return new Status(
        vmid,
        kind,
        GuestConfig.name(kind, vmid, entry),
        running ? "running" : "stopped",
        running ? Duration.between(runner.started(vmid), node.world().now()).toSeconds() : 0,
        running ? 0.012 : 0,
        cores,
        running ? maxmem / 4 : 0,
        maxmem,
        disk,
        maxdisk,
        running ? runner.pid(vmid) : 0,
        "1".equals(entry.get("template")),
        entry.get("tags"),
        entry.get("lock"),
        haState,
        entry.get("resource-pool"));
  }

  private static int number(Map<String, String> entry, String key, int otherwise) {
    String value = entry.getOrDefault(key, "").split(",")[0];
    return value.matches("\\d+") ? Integer.parseInt(value) : otherwise;
  }
}
