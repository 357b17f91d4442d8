package io.pveha.operator.metrics;

import io.pveha.proxmox.ApiRequest;
import java.util.Map;
import java.util.StringJoiner;

/** Which call of Proxmox's API a request is: its path with names in place of ids. */
final class PathTemplate {

  /** What follows these is an id, named as in Proxmox's API viewer. */
  private static final Map<String, String> IDS =
      Map.ofEntries(
          Map.entry("nodes", "{node}"),
          Map.entry("lxc", "{vmid}"),
          Map.entry("qemu", "{vmid}"),
          Map.entry("tasks", "{upid}"),
          Map.entry("storage", "{storage}"),
          Map.entry("replication", "{id}"),
          Map.entry("zfs", "{name}"),
          Map.entry("resources", "{sid}"),
          Map.entry("groups", "{group}"),
          Map.entry("rules", "{rule}"),
          Map.entry("services", "{service}"));

  private PathTemplate() {}

  /** As in {@code GET /nodes/{node}/storage}. */
  static String of(ApiRequest request) {
    StringJoiner template = new StringJoiner("/");
    String before = "";
    for (String part : request.path().split("/", -1)) {
      template.add(IDS.getOrDefault(before, part));
      before = part;
    }
    return request.method() + " " + template;
  }
}
