package io.pveha.simulator.api;

import io.pveha.simulator.config.Section;
import io.pveha.simulator.storage.NodeStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Storage entries, and what lies on them. */
final class StorageCalls {

  private StorageCalls() {}

  static void register(CallTable table) {
    table.on("GET /storage", StorageCalls::list);
    table.on("POST /storage", StorageCalls::create);
    table.on("GET /storage/{storage}", StorageCalls::entry);
    table.on("PUT /storage/{storage}", StorageCalls::update);
    table.on("DELETE /storage/{storage}", StorageCalls::delete);
    table.on("GET /nodes/{node}/storage", StorageCalls::atNode);
    table.on("GET /nodes/{node}/storage/{storage}", StorageCalls::index);
    table.on("GET /nodes/{node}/storage/{storage}/status", StorageCalls::status);
    table.on("GET /nodes/{node}/storage/{storage}/content", StorageCalls::content);
  }

  static boolean maySee(Call call, String storage) {
    String path = "/storage/" + storage;
    return call.may("Datastore.Audit", path) || call.may("Datastore.AllocateSpace", path);
  }

  private static Row row(Call call, String id, Map<String, String> properties) {
    return Row.of("storage", id)
        .putAll(properties)
        .maybe("shared", NodeStorage.isShared(properties) ? "1" : properties.get("shared"))
        .numeric("disable", "sparse", "shared", "krbd")
        .put("digest", call.host().config().digest(Section.STORAGE));
  }

  private static Object list(Call call) {
    String type = call.params().text("type");
    List<Object> rows = new ArrayList<>();
    call.host()
        .config()
        .section(Section.STORAGE)
        .forEach(
            (id, properties) -> {
              boolean wanted = type == null || type.equals(properties.get("type"));
              if (wanted && maySee(call, id)) {
                rows.add(row(call, id, properties).done());
              }
            });
    return rows;
  }

  private static Object entry(Call call) {
    String id = call.params().text("storage");
    SortedMap<String, String> properties =
        call.host()
            .config()
            .entry(Section.STORAGE, id)
            .orElseThrow(() -> ApiFailure.died("storage '" + id + "' does not exist"));
    return row(call, id, properties).done();
  }

  private static Object create(Call call) {
    String id = call.params().text("storage");
    Map<String, String> stored =
        call.host().storage().create(id, call.params().without("storage", "digest"));
    return Row.of("storage", id).put("type", stored.get("type")).done();
  }

  private static Object update(Call call) {
    String id = call.params().text("storage");
    Map<String, String> stored =
        call.host()
            .storage()
            .update(
                id,
                call.params().without("storage", "delete", "digest"),
                call.params().set("delete"),
                call.params().maybe("digest"));
    return Row.of("storage", id).put("type", stored.get("type")).done();
  }

  private static Object delete(Call call) {
    call.host().storage().delete(call.params().text("storage"));
    return null;
  }

  private static Object atNode(Call call) {
    Parameters params = call.params();
    String one = params.text("storage");
    List<String> content = params.list("content");
    List<NodeStorage.StorageRow> rows = new ArrayList<>();
    for (NodeStorage.StorageRow row : call.host().storage().status()) {
      List<String> has = List.of(row.content().split(","));
      boolean wanted =
          maySee(call, row.storage())
              && (one == null || one.equals(row.storage()))
              && (content.isEmpty() || content.stream().anyMatch(has::contains))
              && (!params.flag("enabled") || row.enabled());
      if (wanted) {
        rows.add(row);
      }
    }
    return Row.each(rows, row -> statusRow(row).put("storage", row.storage()));
  }

  private static Row statusRow(NodeStorage.StorageRow row) {
    Row values =
        Row.of("type", row.type())
            .put("content", row.content())
            .put("enabled", row.enabled())
            .put("active", row.active())
            .put("shared", row.shared())
            .put("total", row.total())
            .put("used", row.used())
            .put("avail", row.avail());
    if (row.total() > 0) {
      values.put("used_fraction", (double) row.used() / row.total());
    }
    return values;
  }

  private static Object index(Call call) {
    return Row.index("subdir", "content", "status");
  }

  private static Object status(Call call) {
    return statusRow(call.host().storage().status(call.params().text("storage"))).done();
  }

  private static Object content(Call call) {
    Parameters params = call.params();
    String id = params.text("storage");
    String content = params.text("content", "");
    int vmid = params.number("vmid", 0);
    boolean zfs =
        call.host()
            .config()
            .property(Section.STORAGE, id, "type")
            .filter("zfspool"::equals)
            .isPresent();
    // Volumes of guests show only to those who may see the guest.
    boolean all = call.may("Datastore.Allocate", "/storage/" + id);
    List<NodeStorage.Volume> volumes =
        call.host().storage().content(id).stream()
            .filter(volume -> content.isEmpty() || content.equals(volume.content()))
            .filter(volume -> vmid == 0 || vmid == volume.vmid())
            .filter(
                volume ->
                    all || volume.vmid() == 0 || call.may("VM.Audit", Call.vms(volume.vmid())))
            .toList();
    return Row.each(
        volumes,
        volume -> {
          Row row =
              Row.of("volid", volume.volid())
                  .put("content", volume.content())
                  .put("format", volume.format())
                  .put("size", volume.size());
          if (zfs) {
            row.put("parent", null);
          }
          if (volume.vmid() > 0) {
            row.put("vmid", volume.vmid());
          }
          return !zfs && volume.ctime() > 0 ? row.put("ctime", volume.ctime()) : row;
        });
  }
}
