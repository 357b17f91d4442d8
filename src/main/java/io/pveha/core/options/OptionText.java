package io.pveha.core.options;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** An option as Proxmox writes it: {@code key=value,key=value}. What is not ours stays as it is. */
final class OptionText {

  private OptionText() {}

  static Optional<String> value(String text, String key) {
    return Optional.ofNullable(parts(text).get(key));
  }

  static String with(String text, String key, String value) {
    Map<String, String> parts = parts(text);
    parts.put(key, value);
    return parts.entrySet().stream()
        .map(part -> part.getKey() + "=" + part.getValue())
        .collect(Collectors.joining(","));
  }

  private static Map<String, String> parts(String text) {
    Map<String, String> parts = new LinkedHashMap<>();
    for (String part : (text == null ? "" : text).split(",")) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      }
    }
    return parts;
  }
}
