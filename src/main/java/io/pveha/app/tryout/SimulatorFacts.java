package io.pveha.app.tryout;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a simulator says of itself in its {@code --info} file. */
record SimulatorFacts(JsonNode info) {

  private static final int EXAMPLE_PORT = 8006;

  /** Text in the example, and what stands in its place here. */
  Map<String, String> inExample() {
    Map<String, String> replacements = new LinkedHashMap<>();
    int number = 0;
    for (JsonNode node : info.path("nodes")) {
      number++;
      replacements.put(
          "127.0.0.1:" + (EXAMPLE_PORT + number - 1),
          URI.create(node.path("url").asText()).getAuthority());
      replacements.put(
          String.join(":", Collections.nCopies(32, "" + number + number)),
          node.path("fingerprint").asText());
    }
    replacements.put("change-me", info.path("rootPassword").asText());
    replacements.put("operator@pve!pveha", info.path("token").path("id").asText());
    replacements.put(
        "00000000-0000-0000-0000-000000000000", info.path("token").path("secret").asText());
    return replacements;
  }

  /** None of the texts is a part of another one's replacement. */
  static String replaced(String text, Map<String, String> replacements) {
    String result = text;
    for (Map.Entry<String, String> replacement : replacements.entrySet()) {
      result = result.replace(replacement.getKey(), replacement.getValue());
    }
    return result;
  }
}
