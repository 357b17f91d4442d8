package io.pveha.simulator.api;

import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.guests.NodeGuests;
import io.pveha.simulator.machine.Upid;
import io.pveha.simulator.world.NodeOverview;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Containers and VMs that exist: list, status, power, moves. */
final class GuestCalls {

  private GuestCalls() {}

  static void register(CallTable table) {
    for (GuestKind kind : GuestKind.values()) {
      String all = "/nodes/{node}/" + kind.api();
      String one = all + "/{vmid}";
      table.on("GET " + all, call -> list(call, kind));
      table.on("GET " + one, call -> Row.index("subdir", "config", "status", "migrate", "clone"));
      table.on(
          "GET " + one + "/status",
          call -> Row.index("subdir", "current", "start", "stop", "shutdown", "reboot"));
      table.on("GET " + one + "/status/current", call -> current(call, kind));
      table.on("POST " + one + "/status/start", call -> start(call, kind));
      table.on("POST " + one + "/status/stop", call -> stop(call, kind));
      table.on("POST " + one + "/status/shutdown", call -> shutdown(call, kind));
      table.on("POST " + one + "/status/reboot", call -> reboot(call, kind));
      table.on("GET " + one + "/migrate", call -> precheck(call, kind));
      table.on("POST " + one + "/migrate", call -> migrate(call, kind));
    }
    table.on("POST /nodes/{node}/qemu/{vmid}/agent/ping", GuestCalls::ping);
  }

  /** The guests that are in resource pools. */
  static List<Integer> inPools(Call call) {
    return call.host().overview().guests().stream()
        .filter(guest -> ResourceCalls.pool(guest) != null)
        .map(NodeOverview.GuestRow::vmid)
        .toList();
  }

  static int vmid(Call call) {
    return call.params().number("vmid");
  }

  private static Object list(Call call, GuestKind kind) {
    List<NodeGuests.Status> seen =
        call.host().guests().list(kind).stream()
            .filter(guest -> call.may("VM.Audit", Call.vms(guest.vmid())))
            .toList();
    return Row.each(seen, GuestCalls::row);
  }

  private static Row row(NodeGuests.Status guest) {
    Row row =
        Row.of("vmid", guest.vmid())
            .put("name", guest.name())
            .put("status", guest.status())
            .put("uptime", guest.uptime())
            .put("cpu", guest.cpu())
            .put("cpus", guest.cpus())
            .put("mem", guest.mem())
            .put("maxmem", guest.maxmem())
            .put("disk", guest.disk())
            .put("maxdisk", guest.maxdisk())
            .put("netin", 0)
            .put("netout", 0)
            .put("diskread", 0)
            .put("diskwrite", 0)
            .maybe("tags", guest.tags())
            .maybe("lock", guest.lock());
    if (guest.kind() == GuestKind.CT) {
      row.put("type", "lxc").put("swap", 0).put("maxswap", 0);
    }
    if (guest.template()) {
      row.put("template", true);
    }
    return guest.pid() > 0 ? row.put("pid", guest.pid()) : row;
  }

  private static Object current(Call call, GuestKind kind) {
    NodeGuests.Status guest = call.host().guests().status(kind, vmid(call));
    Map<String, Object> ha = new TreeMap<>();
    String sid = kind.ha() + ":" + guest.vmid();
    call.host()
        .config()
        .entry(Section.HA_RESOURCES, sid)
        .ifPresent(
            entry -> {
              ha.putAll(entry);
              ha.put("managed", true);
              if (guest.haState() != null) {
                ha.put("state", guest.haState());
              }
            });
    ha.putIfAbsent("managed", false);
    Row row = row(guest).put("ha", ha);
    if (kind == GuestKind.VM) {
      row.put("qmpstatus", guest.status());
    }
    return row.done();
  }

  private static void onlyRoot(Call call, String... options) {
    for (String option : options) {
      if (call.params().has(option) && !call.caller().isRoot()) {
        throw ApiFailure.badParameter(option, "Only root may use this option.");
      }
    }
  }

  private static Object start(Call call, GuestKind kind) {
    onlyRoot(call, "skiplock", "stateuri", "migratedfrom", "migration_type", "migration_network");
    return call.host().guests().start(call.user(), kind, vmid(call)).toString();
  }

  private static Object stop(Call call, GuestKind kind) {
    onlyRoot(call, "skiplock", "keepActive", "migratedfrom");
    return call.host().guests().stop(call.user(), kind, vmid(call)).toString();
  }

  private static Object shutdown(Call call, GuestKind kind) {
    onlyRoot(call, "skiplock", "keepActive");
    Optional<Duration> timeout =
        call.params().maybe("timeout").map(text -> Duration.ofSeconds(Long.parseLong(text)));
    NodeGuests.StopOptions options =
        new NodeGuests.StopOptions(timeout, call.params().flag("forceStop"), false);
    return call.host().guests().shutdown(call.user(), kind, vmid(call), options).toString();
  }

  private static Object reboot(Call call, GuestKind kind) {
    return call.host().guests().reboot(call.user(), kind, vmid(call)).toString();
  }

  private static Object precheck(Call call, GuestKind kind) {
    NodeGuests.MigrationCheck check =
        call.host().guests().migrationCheck(kind, vmid(call), call.params().maybe("target"));
    Map<String, Object> refused = new TreeMap<>();
    check
        .notAllowed()
        .forEach(
            (node, storages) ->
                refused.put(
                    node, Row.of("unavailable_storages", List.of(storages.split(","))).done()));
    if (kind == GuestKind.CT) {
      return Row.of("running", check.running())
          .put("allowed-nodes", check.allowed())
          .put("not-allowed-nodes", refused)
          .done();
    }
    SortedMap<String, String> config = call.host().guests().config(kind, vmid(call));
    Row row =
        Row.of("running", check.running())
            .put("local_disks", Row.each(check.localDisks(), volid -> disk(config, volid)))
            .put("local_resources", List.of())
            .put("mapped-resources", List.of())
            .put("mapped-resource-info", Map.of());
    if (!check.running()) {
      row.put("allowed_nodes", check.allowed()).put("not_allowed_nodes", refused);
    }
    if (call.isNine()) {
      row.put("has-dbus-vmstate", false);
    }
    return row.done();
  }

  private static Row disk(Map<String, String> config, String volid) {
    long size =
        config.values().stream()
            .filter(value -> value.startsWith(volid + ","))
            .map(value -> value.replaceFirst(".*\\bsize=(\\d+)G.*", "$1"))
            .filter(text -> text.matches("\\d+"))
            .mapToLong(text -> Long.parseLong(text) << 30)
            .findFirst()
            .orElse(0);
    return Row.of("volid", volid).put("size", size).put("cdrom", false).put("is_unused", false);
  }

  private static Object migrate(Call call, GuestKind kind) {
    Parameters params = call.params();
    onlyRoot(call, "force", "migration_type", "migration_network");
    Upid upid =
        call.host()
            .guests()
            .migrate(
                call.user(),
                kind,
                vmid(call),
                new NodeGuests.Migrate(
                    params.text("target"),
                    params.flag("online"),
                    params.flag("restart"),
                    params.flag("with-local-disks"),
                    params.flag("force")));
    return upid.toString();
  }

  private static Object ping(Call call) {
    NodeGuests.Status guest = call.host().guests().status(GuestKind.VM, vmid(call));
    String agent = call.host().guests().config(GuestKind.VM, vmid(call)).getOrDefault("agent", "0");
    if (!agent.startsWith("1") && !agent.contains("enabled=1")) {
      throw ApiFailure.died("No QEMU guest agent configured");
    }
    if (!guest.status().equals("running") || !call.host().guests().answers(guest.vmid())) {
      throw ApiFailure.died("QEMU guest agent is not running");
    }
    return Map.of("result", Map.of());
  }
}
