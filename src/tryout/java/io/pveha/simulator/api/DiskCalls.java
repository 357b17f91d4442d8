package io.pveha.simulator.api;

import io.pveha.simulator.api.declare.PropertyString;
import io.pveha.simulator.storage.NodeDisks;
import java.util.List;
import java.util.Map;

/** Disks and ZFS pools of one node. */
final class DiskCalls {

  private DiskCalls() {}

  static void register(CallTable table) {
    table.on("GET /nodes/{node}/disks", call -> Row.index("name", "list", "smart", "zfs"));
    table.on("GET /nodes/{node}/disks/list", DiskCalls::list);
    table.on("GET /nodes/{node}/disks/smart", DiskCalls::smart);
    table.on("PUT /nodes/{node}/disks/wipedisk", DiskCalls::wipe);
    table.on("GET /nodes/{node}/disks/zfs", DiskCalls::pools);
    table.on("POST /nodes/{node}/disks/zfs", DiskCalls::createPool);
    table.on("GET /nodes/{node}/disks/zfs/{name}", DiskCalls::pool);
    table.on("DELETE /nodes/{node}/disks/zfs/{name}", DiskCalls::destroyPool);
  }

  private static Object list(Call call) {
    String type = call.params().text("type", "");
    boolean smart = !call.params().flag("skipsmart");
    List<NodeDisks.Disk> disks =
        call.host().disks().list().stream()
            .filter(disk -> type.isEmpty() || disk.used() == null)
            .toList();
    return Row.each(disks, disk -> row(disk, smart));
  }

  private static Row row(NodeDisks.Disk disk, boolean smart) {
    Row row =
        Row.of("devpath", disk.devpath())
            .put("size", disk.size())
            .put("gpt", disk.gpt())
            .put("osdid", -1)
            .put("osdid-list", null)
            .put("model", disk.model())
            .put("serial", disk.serial())
            .put("vendor", disk.vendor())
            .put("wwn", disk.wwn())
            .put("by_id_link", disk.byIdLink())
            .put("type", disk.type())
            .put("rpm", disk.type().equals("hdd") ? 7200 : 0)
            .maybe("used", disk.used());
    return row.put("health", smart ? disk.health() : "UNKNOWN")
        .put("wearout", smart && disk.wearout() >= 0 ? (Object) disk.wearout() : "N/A");
  }

  private static Object smart(Call call) {
    String devpath = call.params().text("disk");
    NodeDisks.Disk disk =
        call.host().disks().list().stream()
            .filter(each -> each.devpath().equals(devpath))
            .findFirst()
            .orElseThrow(() -> ApiFailure.died("no such disk '" + devpath + "'"));
    Row row = Row.of("health", disk.health());
    if (!call.params().flag("healthonly")) {
      row.put("type", "ata").put("attributes", List.of());
    }
    return row.done();
  }

  private static Object wipe(Call call) {
    return call.host().disks().wipe(call.user(), call.params().text("disk")).toString();
  }

  private static Object pools(Call call) {
    return Row.each(
        call.host().disks().pools(),
        pool ->
            Row.of("name", pool.name())
                .put("size", pool.size())
                .put("alloc", pool.alloc())
                .put("free", pool.free())
                .put("frag", pool.frag())
                .put("dedup", pool.dedup())
                .put("health", pool.health()));
  }

  private static Object pool(Call call) {
    NodeDisks.PoolDetail pool = call.host().disks().pool(call.params().text("name"));
    return Row.of("name", pool.name())
        .put("state", pool.state())
        .maybe("status", pool.status())
        .maybe("action", pool.action())
        .maybe("scan", pool.scan())
        .put("errors", pool.errors() == null ? "No known data errors" : pool.errors())
        .put("children", Row.each(pool.children(), DiskCalls::vdev))
        .done();
  }

  private static Row vdev(NodeDisks.Vdev vdev) {
    Row row =
        Row.of("name", vdev.name())
            .maybe("state", vdev.state())
            .put("read", vdev.read())
            .put("write", vdev.write())
            .put("cksum", vdev.cksum())
            .put("msg", vdev.message() == null ? "" : vdev.message());
    if (vdev.children().isEmpty()) {
      return row.put("leaf", true);
    }
    return row.put("leaf", false).put("children", Row.each(vdev.children(), DiskCalls::vdev));
  }

  private static Object createPool(Call call) {
    Parameters params = call.params();
    boolean addStorage = params.flag("add_storage");
    if (addStorage) {
      call.need("Datastore.Allocate", "/storage");
    }
    String raidLevel = params.text("raidlevel");
    if (params.has("draid-config") && !raidLevel.startsWith("draid")) {
      throw ApiFailure.badParameter("draid-config", "draid-config set without using dRAID level");
    }
    Map<String, String> draid =
        params
            .maybe("draid-config")
            .map(text -> Map.copyOf(PropertyString.read((String) null, text)))
            .orElse(Map.of());
    return call.host()
        .disks()
        .createPool(
            call.user(),
            new NodeDisks.CreatePool(
                params.text("name"),
                raidLevel,
                params.list("devices"),
                params.number("ashift", 12),
                params.text("compression", "on"),
                addStorage,
                draid))
        .toString();
  }

  private static Object destroyPool(Call call) {
    Parameters params = call.params();
    boolean config = params.flag("cleanup-config");
    if (config) {
      call.need("Datastore.Allocate", "/storage");
    }
    return call.host()
        .disks()
        .destroyPool(call.user(), params.text("name"), config, params.flag("cleanup-disks"))
        .toString();
  }
}
