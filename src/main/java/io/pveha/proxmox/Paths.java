package io.pveha.proxmox;

import io.pveha.core.cluster.NodeName;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Parts of a path of the API. */
final class Paths {

  private Paths() {}

  /** Where a node's own calls are. */
  static String node(NodeName name) {
    return "/nodes/" + segment(name.value());
  }

  /** One part, with all that has a meaning in URLs encoded. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
