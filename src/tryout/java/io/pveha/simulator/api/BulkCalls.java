package io.pveha.simulator.api;

import io.pveha.simulator.guests.BulkGuests;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/** Starting, stopping and moving all guests of a node. */
final class BulkCalls {

  private BulkCalls() {}

  static void register(CallTable table) {
    table.on("POST /nodes/{node}/startall", BulkCalls::start);
    table.on("POST /nodes/{node}/stopall", BulkCalls::stop);
    table.on("POST /nodes/{node}/migrateall", BulkCalls::migrate);
  }

  private static BulkGuests bulk(Call call, String privilege) {
    if (vmids(call).isEmpty()) {
      call.need(privilege, "/");
    }
    vmids(call).forEach(vmid -> call.need(privilege, Call.vms(vmid)));
    return new BulkGuests(call.host(), call.user());
  }

  private static Set<Integer> vmids(Call call) {
    return call.params().list("vms").stream().map(Integer::valueOf).collect(Collectors.toSet());
  }

  private static Object start(Call call) {
    return bulk(call, "VM.PowerMgmt").startAll(vmids(call), call.params().flag("force")).toString();
  }

  private static Object stop(Call call) {
    Parameters params = call.params();
    return bulk(call, "VM.PowerMgmt")
        .stopAll(
            vmids(call),
            params.maybe("timeout").map(seconds -> Duration.ofSeconds(Long.parseLong(seconds))),
            params.flag("force-stop", true))
        .toString();
  }

  private static Object migrate(Call call) {
    Parameters params = call.params();
    return bulk(call, "VM.Migrate")
        .migrateAll(params.text("target"), vmids(call), params.flag("with-local-disks"))
        .toString();
  }
}
