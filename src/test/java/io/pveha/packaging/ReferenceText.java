package io.pveha.packaging;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.StreamSupport;

/** The reference of a kind in Markdown, from its CustomResourceDefinition. */
final class ReferenceText {

  private final StringBuilder text = new StringBuilder();
  private final List<String> rules = new ArrayList<>();

  private ReferenceText() {}

  static String of(JsonNode definition) {
    ReferenceText page = new ReferenceText();
    page.write(definition);
    return page.text.toString();
  }

  private void write(JsonNode definition) {
    JsonNode names = definition.at("/spec/names");
    JsonNode version = definition.at("/spec/versions/0");
    JsonNode schema = version.at("/schema/openAPIV3Schema");
    line("## %s", names.path("kind").asText());
    line("%s", schema.path("description").asText());
    line("");
    line(
        "`apiVersion: %s/%s`, short name `%s`, namespaced.",
        definition.at("/spec/group").asText(),
        version.path("name").asText(),
        names.at("/shortNames/0").asText());
    line("");
    line("### %s spec", names.path("kind").asText());
    table(schema.at("/properties/spec"), true);
    writeRules();
    line("### %s status", names.path("kind").asText());
    table(schema.at("/properties/status"), false);
  }

  private void table(JsonNode schema, boolean isSpec) {
    rules.clear();
    line(isSpec ? "| Field | Type | Default | Meaning |" : "| Field | Type | Meaning |");
    line(isSpec ? "|---|---|---|---|" : "|---|---|---|");
    collectRules(schema);
    rows("", schema, isSpec);
    line("");
  }

  private void rows(String prefix, JsonNode schema, boolean isSpec) {
    List<String> required = texts(schema.path("required"));
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      JsonNode field = property.getValue();
      if (property.getKey().equals("conditions")) {
        line(
            isSpec ? "" : "| `%s` | list of conditions | Standard Kubernetes conditions. |",
            prefix + "conditions[]");
        continue;
      }
      boolean isList = field.path("type").asText().equals("array");
      String path = prefix + property.getKey() + (isList ? "[]" : "");
      JsonNode inner = isList ? field.path("items") : field;
      String meaning = cell(field.path("description").asText(inner.path("description").asText()));
      if (isSpec) {
        line(
            "| `%s`%s | %s | %s | %s |",
            path,
            required.contains(property.getKey()) ? " **required**" : "",
            type(field, inner),
            field.has("default") ? "`" + field.path("default").asText() + "`" : "",
            meaning);
      } else {
        line("| `%s` | %s | %s |", path, type(field, inner), meaning);
      }
      collectRules(inner);
      rows(path + ".", inner, isSpec);
    }
  }

  private void collectRules(JsonNode schema) {
    schema
        .path("x-kubernetes-validations")
        .forEach(rule -> rules.add(rule.path("message").asText()));
  }

  private void writeRules() {
    if (rules.isEmpty()) {
      return;
    }
    line("Refused by the API server, with these words:");
    line("");
    rules.stream().distinct().forEach(rule -> line("- %s", rule));
    line("");
  }

  private static String type(JsonNode field, JsonNode inner) {
    String type = inner.path("type").asText("any");
    StringJoiner words = new StringJoiner(", ");
    if (inner.has("enum")) {
      words.add(
          String.join(
              " or ", texts(inner.path("enum")).stream().map(value -> "`" + value + "`").toList()));
    } else if (inner.path("format").asText().equals("date-time")) {
      words.add("time");
    } else if (inner.has("additionalProperties")) {
      words.add("map of texts");
    } else {
      words.add(
          switch (type) {
            case "string" -> "text";
            case "integer" -> "whole number";
            case "boolean" -> "`true` or `false`";
            default -> type;
          });
    }
    bounds(inner, "minimum", "maximum", words, "");
    bounds(inner, "minLength", "maxLength", words, " characters");
    if (field.path("type").asText().equals("array")) {
      return "list of " + words;
    }
    return words.toString();
  }

  private static void bounds(
      JsonNode schema, String least, String most, StringJoiner words, String unit) {
    if (schema.has(least) && schema.has(most)) {
      words.add(number(schema, least) + " to " + number(schema, most) + unit);
    } else if (schema.has(least)) {
      words.add("at least " + number(schema, least) + unit);
    } else if (schema.has(most)) {
      words.add("at most " + number(schema, most) + unit);
    }
  }

  private static String number(JsonNode schema, String field) {
    return Long.toString((long) schema.path(field).asDouble());
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  private void line(String format, Object... values) {
    text.append(values.length == 0 ? format : format.formatted(values)).append('\n');
  }
}
