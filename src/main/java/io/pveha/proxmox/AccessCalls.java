package io.pveha.proxmox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the caller may do. */
public final class AccessCalls {

  private final ProxmoxApi api;

  public AccessCalls(ProxmoxApi api) {
    this.api = api;
  }

  /** The caller's own privileges by path, each with whether it propagates to the paths below. */
  public Map<String, Map<String, Boolean>> permissions() {
    Map<String, Map<String, Boolean>> paths = new HashMap<>();
    Answers.object(api.call(ApiRequest.get("/access/permissions")))
        .properties()
        .forEach(path -> paths.put(path.getKey(), privileges(path.getValue())));
    return paths;
  }

  /** Proxmox writes 1 for a privilege that propagates to the paths below, and 0 for another. */
  private static Map<String, Boolean> privileges(JsonNode held) {
    Map<String, Boolean> privileges = new HashMap<>();
    held.properties()
        .forEach(
            privilege ->
                privileges.put(
                    privilege.getKey(),
                    privilege.getValue().asBoolean(false)
                        || "1".equals(privilege.getValue().asText())));
    return privileges;
  }

  /** Paths of the access control list; only with {@code Sys.Audit} on {@code /access} all. */
  public SortedSet<String> entries() {
    SortedSet<String> paths = new TreeSet<>();
    Answers.allRows(api.call(ApiRequest.get("/access/acl")), Entry.class, Entry::path)
        .forEach(
            entry -> {
              if (entry.path() != null) {
                paths.add(entry.path());
              }
            });
    return paths;
  }

  private record Entry(String path) {}
}
