package io.pveha.simulator.api;

import io.pveha.simulator.api.declare.PropertyString;
import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.guests.NodeGuests;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** Making, configuring, copying and deleting guests. */
final class GuestCreation {

  private static final Set<String> ROOT_ONLY =
      Set.of("args", "lock", "hookscript", "skiplock", "import-working-storage");
  private static final String DISKS =
      "(scsi|virtio|sata|ide|efidisk|tpmstate|unused|mp)\\d+|rootfs";

  private GuestCreation() {}

  static void register(CallTable table) {
    for (GuestKind kind : GuestKind.values()) {
      String all = "/nodes/{node}/" + kind.api();
      String one = all + "/{vmid}";
      table.on("POST " + all, call -> create(call, kind));
      table.on("DELETE " + one, call -> destroy(call, kind));
      table.on("GET " + one + "/config", call -> config(call, kind));
      table.on("PUT " + one + "/config", call -> configure(call, kind));
      table.on("POST " + one + "/clone", call -> clone(call, kind));
    }
    table.on("POST /nodes/{node}/qemu/{vmid}/config", GuestCreation::configureInTask);
  }

  private static Object create(Call call, GuestKind kind) {
    Parameters params = call.params();
    int vmid = GuestCalls.vmid(call);
    if (!call.may("VM.Allocate", Call.vms(vmid))) {
      String pool = params.text("pool");
      call.need("VM.Allocate", pool == null ? Call.vms(vmid) : "/pool/" + pool);
    }
    Optional<String> template = params.maybe("ostemplate");
    boolean privileged = kind == GuestKind.CT && !params.flag("unprivileged");
    if (privileged && call.isNine()) {
      call.need("Sys.Modify", "/");
    }
    if (params.has("archive") || params.flag("restore")) {
      return restore(call, kind, vmid);
    }
    SortedMap<String, String> options = params.without("node", "vmid", "ostemplate");
    if (kind == GuestKind.CT) {
      options.putIfAbsent("rootfs", params.text("storage", "local") + ":4");
    }
    checkOptions(call, options, kind);
    return call.host()
        .guests()
        .create(call.user(), kind, vmid, options, template, params.flag("start"))
        .toString();
  }

  private static Object restore(Call call, GuestKind kind, int vmid) {
    Parameters params = call.params();
    String archive = params.text(kind == GuestKind.CT ? "ostemplate" : "archive");
    SortedMap<String, String> options = params.without("node", "vmid", "ostemplate", "archive");
    checkOptions(call, options, kind);
    params
        .maybe("storage")
        .ifPresent(storage -> call.need("Datastore.AllocateSpace", "/storage/" + storage));
    return call.host()
        .guests()
        .restore(call.user(), kind, vmid, options, archive, params.flag("start"))
        .toString();
  }

  /** What each option needs beyond the rule of the call. */
  private static void checkOptions(Call call, Map<String, String> options, GuestKind kind) {
    options.forEach(
        (name, value) -> {
          boolean rootOnly =
              ROOT_ONLY.contains(name) || kind == GuestKind.CT && name.matches("dev\\d+");
          if (rootOnly && !call.caller().isRoot()) {
            throw ApiFailure.forbidden("only root can set '" + name + "' config");
          }
          if (name.matches(DISKS)) {
            checkDisk(call, value);
          }
          if (name.matches("net\\d+")) {
            checkNetwork(call, value);
          }
          if (name.equals("startup") && kind == GuestKind.VM) {
            call.need("Sys.Modify", "/");
          }
        });
  }

  private static void checkDisk(Call call, String value) {
    String volume = PropertyString.read("file", value).getOrDefault("file", "");
    if (volume.startsWith("/") && !call.caller().isRoot()) {
      throw ApiFailure.forbidden("mount point type bind is only allowed for root@pam");
    }
    int colon = volume.indexOf(':');
    if (colon > 0) {
      call.needAny("/storage/" + volume.substring(0, colon), "Datastore.AllocateSpace");
    }
  }

  private static void checkNetwork(Call call, String value) {
    String bridge = PropertyString.read("model", value).get("bridge");
    if (bridge != null) {
      call.needAny("/sdn/zones/localnetwork/" + bridge, "SDN.Use");
    }
  }

  private static Object config(Call call, GuestKind kind) {
    SortedMap<String, String> config = call.host().guests().config(kind, GuestCalls.vmid(call));
    return Row.of(config)
        .numeric(
            "onboot",
            "unprivileged",
            "protection",
            "template",
            "swap",
            "cores",
            "sockets",
            "cpulimit",
            "cpuunits",
            "balloon",
            "tty",
            "console",
            "numa",
            "kvm",
            "acpi",
            "tablet",
            kind == GuestKind.CT ? "memory" : "vcpus")
        .done();
  }

  private static Object configure(Call call, GuestKind kind) {
    SortedMap<String, String> set = changes(call, kind);
    Parameters params = call.params();
    call.host()
        .guests()
        .configure(kind, GuestCalls.vmid(call), set, params.set("delete"), params.maybe("digest"));
    return null;
  }

  private static Object configureInTask(Call call) {
    SortedMap<String, String> set = changes(call, GuestKind.VM);
    Parameters params = call.params();
    return call.host()
        .guests()
        .configureInTask(
            call.user(),
            GuestKind.VM,
            GuestCalls.vmid(call),
            set,
            params.set("delete"),
            params.maybe("digest"))
        .toString();
  }

  /** What is to be set, once the caller is known to be allowed to set it. */
  private static SortedMap<String, String> changes(Call call, GuestKind kind) {
    Parameters params = call.params();
    SortedMap<String, String> set =
        params.without(
            "node", "vmid", "delete", "digest", "revert", "skiplock", "force", "background_delay");
    checkOptions(call, set, kind);
    checkPrivileges(call, set.keySet());
    checkPrivileges(call, params.set("delete"));
    return set;
  }

  private static void checkPrivileges(Call call, Set<String> options) {
    String path = Call.vms(GuestCalls.vmid(call));
    options.forEach(option -> call.need(privilege(option), path));
  }

  private static String privilege(String option) {
    if (option.matches(DISKS)) {
      return "VM.Config.Disk";
    }
    if (option.matches("(net|ipconfig)\\d+|nameserver|searchdomain|hostname")) {
      return "VM.Config.Network";
    }
    if (List.of("cores", "sockets", "cpu", "cpulimit", "cpuunits", "vcpus").contains(option)) {
      return "VM.Config.CPU";
    }
    if (List.of("memory", "swap", "balloon", "shares").contains(option)) {
      return "VM.Config.Memory";
    }
    if (List.of("scsihw", "machine", "bios", "vga", "numa", "rng0", "watchdog").contains(option)) {
      return "VM.Config.HWType";
    }
    return "VM.Config.Options";
  }

  private static Object clone(Call call, GuestKind kind) {
    Parameters params = call.params();
    params
        .maybe("storage")
        .ifPresent(storage -> call.need("Datastore.AllocateSpace", "/storage/" + storage));
    return call.host()
        .guests()
        .clone(
            call.user(),
            kind,
            GuestCalls.vmid(call),
            new NodeGuests.Clone(
                params.number("newid"),
                params.maybe(kind == GuestKind.CT ? "hostname" : "name"),
                params.flag("full"),
                params.maybe("target"),
                params.maybe("storage"),
                params.maybe("pool")))
        .toString();
  }

  private static Object destroy(Call call, GuestKind kind) {
    Parameters params = call.params();
    return call.host()
        .guests()
        .destroy(
            call.user(),
            kind,
            GuestCalls.vmid(call),
            params.flag("purge"),
            params.flag("force"),
            params.flag("destroy-unreferenced-disks"))
        .toString();
  }
}
