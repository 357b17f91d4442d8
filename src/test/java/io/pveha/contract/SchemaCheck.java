package io.pveha.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Compares values with Proxmox's dialect of JSON schema and collects what is wrong. */
final class SchemaCheck {

  private final String where;
  private final List<String> errors;

  SchemaCheck(String where, List<String> errors) {
    this.where = where;
    this.errors = errors;
  }

  /** A parameter: always text, numbers and flags included. */
  void request(JsonNode schema, JsonNode value) {
    String text = value.asText();
    boolean typed =
        switch (schema.path("type").asText("string")) {
          case "integer" -> text.matches("[+-]?\\d+");
          case "number" -> isNumber(text);
          case "boolean" -> text.matches("[01]");
          default -> true;
        };
    if (!typed) {
      errors.add(where + ": " + text + " is no " + schema.get("type").asText());
      return;
    }
    limits(schema, text);
  }

  /** A value of an answer. */
  void answer(JsonNode schema, JsonNode value) {
    String type = schema.path("type").asText(schema.has("properties") ? "object" : "any");
    boolean typed =
        switch (type) {
          case "null" -> value.isNull();
          case "object" -> value.isObject();
          case "array" -> value.isArray();
          case "integer" -> value.isIntegralNumber() || value.asText().matches("[+-]?\\d+");
          case "number" -> value.isNumber() || isNumber(value.asText());
          case "boolean" -> value.isBoolean() || value.asText().matches("[01]?");
          case "string" -> value.isValueNode() && !value.isNull();
          default -> true;
        };
    if (!typed) {
      errors.add(where + ": should be " + type + ", is " + abridged(value));
      return;
    }
    if (value.isArray() && schema.has("items")) {
      for (int at = 0; at < value.size(); at++) {
        new SchemaCheck(where + "[" + at + "]", errors).answer(schema.get("items"), value.get(at));
      }
    } else if (value.isObject()) {
      properties(schema, value);
    } else if (value.isValueNode() && !value.isNull()) {
      limits(schema, value.asText());
    }
  }

  private void properties(JsonNode schema, JsonNode value) {
    JsonNode declared = schema.path("properties");
    for (Map.Entry<String, JsonNode> each : declared.properties()) {
      if (value.has(each.getKey())) {
        SchemaCheck inner = new SchemaCheck(where + "." + each.getKey(), errors);
        inner.answer(each.getValue(), value.get(each.getKey()));
      } else if (!ApiSchema.optional(each.getValue())) {
        errors.add(where + "." + each.getKey() + " is missing");
      }
    }
    JsonNode others = schema.path("additionalProperties");
    boolean closed = others.isBoolean() && !others.asBoolean();
    for (Map.Entry<String, JsonNode> each : value.properties()) {
      boolean known = declared.has(each.getKey());
      if (!known && closed) {
        errors.add(where + "." + each.getKey() + " is not declared");
      } else if (!known && others.isObject()) {
        new SchemaCheck(where + "." + each.getKey(), errors).answer(others, each.getValue());
      }
    }
  }

  private void limits(JsonNode schema, String text) {
    if (schema.has("enum")) {
      for (JsonNode allowed : schema.get("enum")) {
        if (allowed.asText().equals(text)) {
          return;
        }
      }
      errors.add(where + ": " + text + " is none of " + schema.get("enum"));
    }
    if (schema.has("pattern") && !text.matches(java(schema.get("pattern").asText()))) {
      errors.add(where + ": " + text + " does not match " + schema.get("pattern"));
    }
    if (schema.has("maxLength") && text.length() > schema.get("maxLength").asInt()) {
      errors.add(where + ": longer than " + schema.get("maxLength"));
    }
    if (isNumber(text)) {
      BigDecimal number = new BigDecimal(text);
      if (schema.has("minimum") && number.compareTo(schema.get("minimum").decimalValue()) < 0) {
        errors.add(where + ": " + text + " is below " + schema.get("minimum"));
      }
      if (schema.has("maximum") && number.compareTo(schema.get("maximum").decimalValue()) > 0) {
        errors.add(where + ": " + text + " is above " + schema.get("maximum"));
      }
    }
  }

  /** Perl's regular expressions in Java's words. */
  static String java(String perl) {
    return perl.replace("(?^:", "(?:")
        .replace("(?^i:", "(?i:")
        .replace("{,", "{0,")
        .replace("\\0", "\\x00");
  }

  private static boolean isNumber(String text) {
    return text.matches("[+-]?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");
  }

  private static String abridged(JsonNode value) {
    String text = value.toString();
    return text.length() > 80 ? text.substring(0, 80) + "..." : text;
  }
}
