package io.pveha.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * The schema of the Proxmox API in one release, from {@code ../shared/pve-api} (or the folder named
 * by PVEHA_SHARED): says what is wrong with a recorded request or answer.
 */
public final class ApiSchema {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Calls that the schema files leave out, though the real server has them. */
  private static final List<String> BEYOND =
      List.of(
          "GET /cluster/jobs/schedule-analyze",
          "GET /cluster/mapping/dir",
          "GET /cluster/mapping/pci",
          "GET /cluster/mapping/usb",
          "POST /cluster/mapping/pci",
          "POST /cluster/mapping/usb");

  private final Map<String, JsonNode> calls = new LinkedHashMap<>();

  private ApiSchema(Path file) {
    try {
      JSON.readTree(file.toFile())
          .properties()
          .forEach(entry -> calls.put(entry.getKey(), entry.getValue()));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * The schema of a release, {@code 8.3} or {@code 9.1}. Without the folder the calling test is
   * skipped, or fails where the folder is insisted on (CI=true or -Dpveha.requireShared=true).
   */
  public static ApiSchema of(String release) {
    String root = System.getenv().getOrDefault("PVEHA_SHARED", "../shared");
    Path file = Path.of(root, "pve-api", "pve-" + release.charAt(0) + ".json");
    boolean insisted =
        "true".equals(System.getenv("CI")) || Boolean.getBoolean("pveha.requireShared");
    if (!insisted) {
      Assumptions.assumeTrue(Files.exists(file), () -> "left out, since there is no " + file);
    }
    return new ApiSchema(file);
  }

  /** By {@code METHOD /path/with/{variables}}. */
  public Optional<JsonNode> call(String name) {
    return Optional.ofNullable(calls.get(name));
  }

  /** Whether a call is known to be missing in the files. */
  public static boolean isBeyond(String name) {
    return BEYOND.contains(name);
  }

  /** What is wrong with each line of a file written by {@code --record}; empty when nothing is. */
  public List<String> errorsIn(Path record) {
    try {
      List<String> errors = new ArrayList<>();
      for (String line : Files.readAllLines(record)) {
        JsonNode entry = JSON.readTree(line);
        errors.addAll(requestErrors(entry));
        errors.addAll(answerErrors(entry));
      }
      return errors;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** What is wrong with the request of one recorded line. */
  public List<String> requestErrors(JsonNode entry) {
    String name = entry.get("method").asText() + " " + entry.get("path").asText();
    Optional<Found> found = find(entry.get("method").asText(), entry.get("path").asText());
    if (found.isEmpty()) {
      return isBeyond(name) ? List.of() : List.of(name + ": no such call");
    }
    ObjectNode params = entry.get("params").deepCopy();
    found.get().variables().forEach(params::put);
    List<String> errors = new ArrayList<>();
    JsonNode declared = found.get().call().get("params");
    for (Map.Entry<String, JsonNode> each : declared.properties()) {
      if (!optional(each.getValue()) && !params.has(each.getKey())) {
        errors.add(name + ": " + each.getKey() + " is missing");
      }
    }
    for (Map.Entry<String, JsonNode> sent : params.properties()) {
      JsonNode schema = parameter(declared, sent.getKey());
      if (schema == null) {
        errors.add(name + ": " + sent.getKey() + " is unknown");
      } else {
        JsonNode value = sent.getValue();
        new SchemaCheck(name + ": " + sent.getKey(), errors).request(schema, value);
      }
    }
    return errors;
  }

  /** What is wrong with the answer of one recorded line; only good answers have a form. */
  public List<String> answerErrors(JsonNode entry) {
    if (entry.get("status").asInt() != 200 || !entry.get("response").has("data")) {
      return List.of();
    }
    String name = entry.get("method").asText() + " " + entry.get("path").asText();
    List<String> errors = new ArrayList<>();
    find(entry.get("method").asText(), entry.get("path").asText())
        .map(found -> found.call().get("returns"))
        .ifPresent(
            returns ->
                new SchemaCheck(name, errors).answer(returns, entry.get("response").get("data")));
    errors.removeIf(error -> MEASURED.matcher(error).matches());
    return errors;
  }

  /**
   * What the running software answers otherwise than its own schema says, as measured on Proxmox VE
   * 9.2.11: a disk that is not mounted lacks the flag, one without Ceph has null for its list, and
   * a volume of ZFS without a base has null for its parent.
   */
  private static final Pattern MEASURED =
      Pattern.compile(
          "GET /nodes/[^/]+/disks/list\\[\\d+\\]\\."
              + "(mounted is missing|osdid-list: should be array, is null)"
              + "|GET /nodes/[^/]+/storage/[^/]+/content\\[\\d+\\]\\."
              + "parent: should be string, is null");

  private record Found(JsonNode call, Map<String, String> variables) {}

  private Optional<Found> find(String method, String path) {
    Found best = null;
    for (Map.Entry<String, JsonNode> entry : calls.entrySet()) {
      String[] name = entry.getKey().split(" ");
      Optional<Map<String, String>> variables = match(name[1], path);
      boolean better =
          variables.isPresent()
              && (best == null || variables.get().size() < best.variables().size());
      if (name[0].equals(method) && better) {
        best = new Found(entry.getValue(), variables.get());
      }
    }
    return Optional.ofNullable(best);
  }

  private static Optional<Map<String, String>> match(String form, String path) {
    String[] wanted = form.split("/");
    String[] sent = path.split("/");
    if (wanted.length != sent.length) {
      return Optional.empty();
    }
    Map<String, String> variables = new LinkedHashMap<>();
    for (int at = 0; at < wanted.length; at++) {
      if (wanted[at].startsWith("{")) {
        variables.put(wanted[at].substring(1, wanted[at].length() - 1), sent[at]);
      } else if (!wanted[at].equals(sent[at])) {
        return Optional.empty();
      }
    }
    return Optional.of(variables);
  }

  private static JsonNode parameter(JsonNode declared, String sent) {
    if (declared.has(sent)) {
      return declared.get(sent);
    }
    String indexed = sent.replaceFirst("\\d+$", "[n]");
    return declared.get(indexed);
  }

  static boolean optional(JsonNode schema) {
    return schema.path("optional").asBoolean(false);
  }
}
