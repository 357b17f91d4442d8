package io.pveha.simulator.api;

import io.pveha.simulator.config.Section;
import io.pveha.simulator.guests.NodeGuests;
import io.pveha.simulator.storage.NodeStorage;
import io.pveha.simulator.world.NodeOverview;
import java.util.ArrayList;
import java.util.List;

/** Lists over the whole cluster: nodes, guests, storages, pools. */
final class ResourceCalls {

  private ResourceCalls() {}

  static void register(CallTable table) {
    table.on("GET /nodes", ResourceCalls::nodes);
    table.on("GET /cluster/resources", ResourceCalls::resources);
  }

  private static Object nodes(Call call) {
    return Row.each(call.host().overview().nodes(), row -> node(call, row));
  }

  private static Row node(Call call, NodeOverview.NodeRow node) {
    Row row =
        Row.of("id", "node/" + node.node())
            .put("type", "node")
            .put("node", node.node())
            .put("status", node.status())
            .put("level", "")
            .maybe("ssl_fingerprint", node.fingerprint());
    NodeOverview.Figures figures = node.figures();
    if (figures != null && call.may("Sys.Audit", "/nodes/" + node.node())) {
      row.put("cpu", figures.cpu())
          .put("maxcpu", figures.maxcpu())
          .put("mem", figures.mem())
          .put("maxmem", figures.maxmem())
          .put("disk", figures.rootUsed())
          .put("maxdisk", figures.rootTotal())
          .put("uptime", figures.uptime());
    }
    return row;
  }

  private static Object resources(Call call) {
    String type = call.params().text("type", "");
    List<Object> rows = new ArrayList<>();
    if (type.isEmpty() || type.equals("vm")) {
      addPools(call, rows, type.isEmpty());
      call.host().overview().guests().stream()
          .filter(guest -> call.may("VM.Audit", Call.vms(guest.vmid())))
          .forEach(guest -> rows.add(guest(call, guest)));
    }
    if (type.isEmpty() || type.equals("node")) {
      call.host().overview().nodes().forEach(node -> rows.add(listedNode(call, node)));
    }
    if (type.isEmpty() || type.equals("storage")) {
      call.host().overview().storages().stream()
          .filter(at -> call.may("Datastore.Audit", "/storage/" + at.storage()))
          .forEach(at -> rows.add(storage(at)));
    }
    return rows;
  }

  private static void addPools(Call call, List<Object> rows, boolean wanted) {
    if (wanted) {
      for (String pool : call.host().config().section(Section.RESOURCE_POOLS).keySet()) {
        if (call.may("Pool.Audit", "/pool/" + pool)) {
          rows.add(Row.of("id", "/pool/" + pool).put("type", "pool").put("pool", pool).done());
        }
      }
    }
  }

  private static Object listedNode(Call call, NodeOverview.NodeRow node) {
    return node(call, node)
        .drop("ssl_fingerprint")
        .maybe("hastate", node.haState())
        .put("cgroup-mode", 2)
        .done();
  }

  /** Which pool it is in shows only to those who may see the pool. */
  private static Object guest(Call call, NodeOverview.GuestRow guest) {
    String pool = pool(guest);
    boolean seen = pool != null && call.may("Pool.Audit", "/pool/" + pool);
    NodeGuests.Status status = guest.status();
    Row row =
        Row.of("id", guest.kind().api() + "/" + guest.vmid())
            .put("type", guest.kind().api())
            .put("vmid", guest.vmid())
            .put("node", guest.node())
            .put("template", "1".equals(guest.config().get("template")))
            .maybe("tags", guest.config().get("tags"))
            .maybe("pool", seen ? pool : null)
            .maybe("lock", guest.config().get("lock"));
    if (status == null) {
      return row.put("status", "unknown").done();
    }
    return row.put("status", status.status())
        .maybe("name", status.name())
        .maybe("hastate", status.haState())
        .put("uptime", status.uptime())
        .put("cpu", status.cpu())
        .put("maxcpu", status.cpus())
        .put("mem", status.mem())
        .put("maxmem", status.maxmem())
        .put("disk", status.disk())
        .put("maxdisk", status.maxdisk())
        .put("netin", 0)
        .put("netout", 0)
        .put("diskread", 0)
        .put("diskwrite", 0)
        .done();
  }

  /** The resource pool that a guest is in; null when in none. */
  static String pool(NodeOverview.GuestRow guest) {
    return guest.config().get("resource-pool");
  }

  private static Object storage(NodeOverview.StorageAt at) {
    NodeStorage.StorageRow status = at.row();
    Row row =
        Row.of("id", "storage/" + at.node() + "/" + at.storage())
            .put("type", "storage")
            .put("node", at.node())
            .put("storage", at.storage())
            .put("shared", NodeStorage.isShared(at.config()))
            .put("content", at.config().getOrDefault("content", ""))
            .put("plugintype", at.config().getOrDefault("type", "dir"));
    if (status == null) {
      return row.put("status", "unknown").done();
    }
    return row.put("status", status.active() ? "available" : "unknown")
        .put("disk", status.used())
        .put("maxdisk", status.total())
        .done();
  }
}
