package io.pveha.simulator.api;

import io.pveha.simulator.config.Section;
import io.pveha.simulator.world.NodeOverview;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Resource pools. */
final class PoolCalls {

  private PoolCalls() {}

  static void register(CallTable table) {
    table.on("GET /pools", PoolCalls::pools);
    table.on("GET /pools/{poolid}", PoolCalls::pool);
    table.on("POST /pools", PoolCalls::create);
    table.on("PUT /pools", PoolCalls::update);
    table.on("PUT /pools/{poolid}", PoolCalls::update);
    table.on("DELETE /pools", PoolCalls::delete);
    table.on("DELETE /pools/{poolid}", PoolCalls::delete);
  }

  private static Map<String, SortedMap<String, String>> all(Call call) {
    return call.host().config().section(Section.RESOURCE_POOLS);
  }

  private static Object pools(Call call) {
    String one = call.params().text("poolid");
    if (one != null) {
      call.need("Pool.Audit", "/pool/" + one);
    }
    List<Object> rows = new ArrayList<>();
    all(call)
        .forEach(
            (id, properties) -> {
              if (call.may("Pool.Audit", "/pool/" + id) && (one == null || one.equals(id))) {
                Row row = Row.of("poolid", id).maybe("comment", properties.get("comment"));
                if (one != null) {
                  row.put("members", members(call, id));
                }
                rows.add(row.done());
              }
            });
    if (one != null && !all(call).containsKey(one)) {
      throw ApiFailure.died("pool '" + one + "' does not exist");
    }
    return rows;
  }

  private static Object pool(Call call) {
    String id = call.params().text("poolid");
    Map<String, String> properties = all(call).get(id);
    if (properties == null) {
      throw ApiFailure.died("pool '" + id + "' does not exist");
    }
    return Row.empty()
        .maybe("comment", properties.get("comment"))
        .put("members", members(call, id))
        .done();
  }

  private static List<Object> members(Call call, String pool) {
    String type = call.params().text("type", "");
    List<Object> members = new ArrayList<>();
    for (NodeOverview.GuestRow guest : call.host().overview().guests()) {
      boolean wanted = type.isEmpty() || type.equals(guest.kind().api());
      if (wanted && pool.equals(ResourceCalls.pool(guest))) {
        members.add(
            Row.of("id", guest.kind().api() + "/" + guest.vmid())
                .put("type", guest.kind().api())
                .put("vmid", guest.vmid())
                .put("node", guest.node())
                .put("status", guest.status() == null ? "unknown" : guest.status().status())
                .done());
      }
    }
    return members;
  }

  private static Object create(Call call) {
    call.host().pools().create(call.params().text("poolid"), call.params().maybe("comment"));
    return null;
  }

  private static Object update(Call call) {
    Parameters params = call.params();
    boolean delete = params.flag("delete");
    call.host().pools().update(params.text("poolid"), params.maybe("comment"));
    for (String vmid : params.list("vms")) {
      call.need(delete ? "Pool.Allocate" : "VM.Allocate", Call.vms(vmid));
      call.host()
          .pools()
          .member(params.text("poolid"), Integer.parseInt(vmid), delete, params.flag("allow-move"));
    }
    return null;
  }

  private static Object delete(Call call) {
    call.host().pools().delete(call.params().text("poolid"));
    return null;
  }
}
