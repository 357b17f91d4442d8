package io.pveha.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a simulator has in place of the addresses and credentials that the example shows. */
final class ExampleValues {

  /** Port of the first node in the example, that of Proxmox itself. */
  private static final int EXAMPLE_PORT = 8006;

  private static final int GUEST = 100;

  private ExampleValues() {}

  /**
   * Text of the example, and what stands in its place.
   *
   * @param info what the simulator says of itself
   */
  static Map<String, String> of(JsonNode info) {
    Map<String, String> values = new LinkedHashMap<>();
    int number = 0;
    for (JsonNode node : info.path("nodes")) {
      number++;
      values.put(
          "127.0.0.1:" + (EXAMPLE_PORT + number - 1),
          URI.create(node.path("url").asText()).getAuthority());
      values.put(
          String.join(":", Collections.nCopies(32, "" + number + number)),
          node.path("fingerprint").asText());
    }
    values.put("change-me", info.path("rootPassword").asText());
    values.put("operator@pve!pveha", info.path("tokenId").asText());
    values.put("00000000-0000-0000-0000-000000000000", info.path("tokenSecret").asText());
    values.put(
        "127.0.0.1:" + (EXAMPLE_PORT + 1000 + GUEST),
        "127.0.0.1:" + (info.path("guestPorts").asInt() + GUEST));
    return values;
  }
}
