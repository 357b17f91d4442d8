package io.pveha.proxmox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the caller may do. */
public final class AccessCalls {

  /** Whoever has it on a path has nothing there, whatever other roles he has. */
  private static final String NO_ACCESS = "NoAccess";

  private final ProxmoxApi api;

  public AccessCalls(ProxmoxApi api) {
    this.api = api;
  }

  /** The caller's own privileges by path, each with whether it propagates to the paths below. */
  public Query<Map<String, Map<String, Boolean>>> permissions() {
    return Query.of(api, ApiRequest.get("/access/permissions"), AccessCalls::paths);
  }

  private static Map<String, Map<String, Boolean>> paths(JsonNode answer) {
    Map<String, Map<String, Boolean>> paths = new HashMap<>();
    Answers.object(answer)
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

  /**
   * Paths of the access control list, each with the users, tokens and groups that have role {@code
   * NoAccess} on it; only with {@code Sys.Audit} on {@code /access} all.
   */
  public Query<SortedMap<String, SortedSet<String>>> entries() {
    return Query.of(api, ApiRequest.get("/access/acl"), AccessCalls::keptOut);
  }

  private static SortedMap<String, SortedSet<String>> keptOut(JsonNode answer) {
    SortedMap<String, SortedSet<String>> paths = new TreeMap<>();
    Answers.allRows(answer, Entry.class, Entry::key)
        .forEach(
            entry -> {
              SortedSet<String> keptOut =
                  paths.computeIfAbsent(entry.path(), path -> new TreeSet<>());
              if (NO_ACCESS.equals(entry.roleid()) && entry.ugid() != null) {
                keptOut.add(entry.ugid());
              }
            });
    return paths;
  }

  private record Entry(String path, String type, String ugid, String roleid) {

    /** Null for one without a path. */
    private String key() {
      return path == null || path.isBlank() ? null : String.join(" ", path, type, ugid, roleid);
    }
  }
}
