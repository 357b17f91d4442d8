package io.pveha.proxmox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Proxmox's {@code key=value,key=value}. A first part without a key is kept under the empty key.
 *
 * @param parts in the order written
 */
public record PropertyString(Map<String, String> parts) {

  public PropertyString {
    parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
  }

  /** Reads one; null is an empty one. */
  public static PropertyString parse(String text) {
    Map<String, String> parts = new LinkedHashMap<>();
    if (text != null && !text.isBlank()) {
      for (String part : text.split(",")) {
        int equals = part.indexOf('=');
        parts.put(
            equals < 0 ? "" : part.substring(0, equals).strip(),
            part.substring(equals + 1).strip());
      }
    }
    return new PropertyString(parts);
  }

  /** What newer versions answer as an object. */
  static PropertyString of(JsonNode object) {
    Map<String, String> parts = new LinkedHashMap<>();
    object.properties().forEach(part -> parts.put(part.getKey(), part.getValue().asText()));
    return new PropertyString(parts);
  }

  /** The same with one part set; null removes it. Other parts keep their place. */
  public PropertyString with(String key, String value) {
    Map<String, String> changed = new LinkedHashMap<>(parts);
    if (value == null) {
      changed.remove(key);
    } else {
      changed.put(key, value);
    }
    return new PropertyString(changed);
  }

  @Override
  public String toString() {
    return parts.entrySet().stream()
        .map(
            part ->
                part.getKey().isEmpty() ? part.getValue() : part.getKey() + "=" + part.getValue())
        .collect(Collectors.joining(","));
  }
}
