package io.pveha.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Every request that the simulated nodes were sent. */
record Recording(Path file) {

  /** How the operator marks a cluster as its own; the only write that no object asks for. */
  static final String OWNER_MARK = "PUT /cluster/options";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Requests that wanted to change something; logging in is none. */
  List<String> writes() {
    return calls().stream()
        .filter(call -> !call.path("method").asText().equals("GET"))
        .filter(call -> !call.path("path").asText().equals("/access/ticket"))
        .map(call -> call.path("method").asText() + " " + call.path("path").asText())
        .toList();
  }

  /** How many requests of that kind a node took on. */
  long accepted(String method, String path) {
    return calls().stream()
        .filter(call -> call.path("method").asText().equals(method))
        .filter(call -> call.path("path").asText().equals(path))
        .filter(call -> call.path("status").asInt() == 200)
        .count();
  }

  /** Requests of the operator that no server should have been sent. */
  List<String> refused() {
    return calls().stream()
        .filter(call -> List.of(400, 403, 501).contains(call.path("status").asInt()))
        .map(JsonNode::toString)
        .toList();
  }

  private List<JsonNode> calls() {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.map(Recording::parsed).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
