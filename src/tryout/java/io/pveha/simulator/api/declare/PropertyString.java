package io.pveha.simulator.api.declare;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Text of the form {@code value,key=value,key=value}. */
public final class PropertyString {

  private PropertyString() {}

  /**
   * The keys and values, aliases resolved.
   *
   * @param bareKey the key of a value that stands without one; null when there is none
   */
  public static SortedMap<String, String> read(String bareKey, String text) {
    SortedMap<String, String> values = new TreeMap<>();
    for (String part : text.split(",")) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        values.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      } else if (!part.isBlank() && bareKey != null) {
        values.put(bareKey, part.strip());
      }
    }
    return values;
  }

  /** The text form, the bare key first and without its name. */
  public static String write(String bareKey, Map<String, String> values) {
    StringBuilder text = new StringBuilder();
    if (bareKey != null && values.containsKey(bareKey)) {
      text.append(values.get(bareKey));
    }
    values.forEach(
        (key, value) -> {
          if (!key.equals(bareKey)) {
            text.append(text.length() == 0 ? "" : ",").append(key).append('=').append(value);
          }
        });
    return text.toString();
  }

  static SortedMap<String, String> read(
      List<Parameter> keys, String text, Map<String, String> errors) {
    SortedMap<String, String> values = new TreeMap<>();
    for (String part : text.split(",")) {
      if (part.isBlank()) {
        continue;
      }
      int equals = part.indexOf('=');
      String sent = equals > 0 ? part.substring(0, equals).strip() : null;
      String value = equals > 0 ? part.substring(equals + 1).strip() : part.strip();
      Parameter key = key(keys, sent);
      if (key == null) {
        errors.put(
            sent == null ? "" : sent,
            sent == null
                ? "value without key, but schema does not define a default key"
                : "property is not defined in schema and the schema does not allow additional"
                    + " properties");
      } else if (key.alias() == null) {
        values.put(key.name(), value);
      } else {
        values.put(key.alias(), value);
        if (key.keyAlias() != null) {
          values.put(key.keyAlias(), key.name());
        }
      }
    }
    return values;
  }

  private static Parameter key(List<Parameter> keys, String sent) {
    for (Parameter key : keys) {
      if (sent == null ? key.bare() : key.isNamed(sent)) {
        return key;
      }
    }
    return null;
  }
}
