package io.pveha.simulator.world;

import io.pveha.simulator.world.NodeGuests.Kind;
import io.pveha.simulator.world.NodeGuests.Status;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;

/** What a guest's status shows, computed from its configuration and its process. */
final class GuestFigures {

  private GuestFigures() {}

  static Status of(NodeHost node, Kind kind, int vmid, SortedMap<String, String> entry) {
    GuestRunner runner = node.runner();
    boolean running = runner.isRunning(vmid);
    int cores = number(entry, "cores", 1) * number(entry, "sockets", 1);
    long maxmem = (long) number(entry, "memory", 512) << 20;
    long maxdisk = 0;
    long disk = 0;
    for (GuestConfig.DiskOf each : GuestConfig.disks(entry)) {
      VolumeData volume =
          node.storage().isUsable(each.storage())
              ? node.storage().volumes(each.storage()).get(each.volume())
              : null;
      if (volume != null && maxdisk == 0) {
        maxdisk = volume.bytes();
        disk = kind == Kind.CT ? volume.usedBytes() : 0;
      }
    }
    String haState =
        GuestConfig.isHaManaged(node.config(), kind, vmid)
            ? node.ha().shownState(GuestConfig.sid(kind, vmid))
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
