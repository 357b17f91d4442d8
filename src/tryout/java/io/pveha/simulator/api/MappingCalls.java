package io.pveha.simulator.api;

import io.pveha.simulator.guests.Mappings;
import java.util.ArrayList;
import java.util.List;

/** Names that the cluster gives to devices of its nodes. */
final class MappingCalls {

  private static final List<String> ANY = List.of("Mapping.Audit", "Mapping.Use", "Mapping.Modify");

  private MappingCalls() {}

  static void register(CallTable table) {
    for (String kind : List.of("pci", "usb")) {
      table.on("GET /cluster/mapping/" + kind, call -> list(call, kind));
      table.on("POST /cluster/mapping/" + kind, call -> create(call, kind));
    }
  }

  private static Object list(Call call, String kind) {
    List<Object> rows = new ArrayList<>();
    call.host()
        .mappings()
        .all(kind)
        .forEach(
            (key, mapping) -> {
              if (ANY.stream().anyMatch(name -> call.may(name, "/mapping/" + key))) {
                rows.add(
                    Row.of("id", key.substring(kind.length() + 1))
                        .put("map", Mappings.entries(mapping))
                        .maybe("description", mapping.get("description"))
                        .done());
              }
            });
    return rows;
  }

  private static Object create(Call call, String kind) {
    Parameters params = call.params();
    call.host()
        .mappings()
        .create(kind, params.text("id"), params.text("map"), params.maybe("description"));
    return null;
  }
}
