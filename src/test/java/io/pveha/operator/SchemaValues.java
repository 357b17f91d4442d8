package io.pveha.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Odd values that a schema lets pass: what the API server would store, whoever wrote it. */
final class SchemaValues {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "node1",
          "node9",
          "ct:100",
          "ct:0",
          "100-0",
          "tank",
          "True",
          "false",
          "-1",
          "99999999999999999999",
          "Ready",
          "a\nb\tc",
          "\u0000",
          "\u202eevil\u2066",
          "🦆",
          "UPID:node1:00000001:00000002:5F000000:vzdestroy:100:root@pam:",
          "UPID:../..:1:1:1:x:y:z:",
          "x".repeat(4000));

  private static final List<String> TIMES =
      List.of(
          "0001-01-01T00:00:00Z",
          "1969-12-31T23:59:59Z",
          "2026-01-05T08:00:00Z",
          "2026-01-05t08:00:30z",
          "2026-01-05T08:00:00.123456789123Z",
          "2026-01-05T08:00:00-00:00",
          "2026-01-05T08:00:00+99:99",
          "9999-12-31T23:59:59Z");

  private static final List<String> NUMBERS =
      List.of("0", "1", "-1", "2147483648", "-9223372036854775808", "9223372036854775807", "1e30");

  private final Random random;

  SchemaValues(Random random) {
    this.random = random;
  }

  /** The schema of spec or status of a kind, as it is installed. */
  static JsonNode schema(String plural, String part) {
    try {
      return new ObjectMapper(new YAMLFactory())
          .readTree(Path.of("crds", plural + ".pveha.io.yaml").toFile())
          .at("/spec/versions/0/schema/openAPIV3Schema/properties")
          .get(part);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes one thing of an object in place. */
  void mutate(ObjectNode object, JsonNode schema) {
    List<Map.Entry<String, JsonNode>> fields =
        new ArrayList<>(schema.path("properties").properties());
    Map.Entry<String, JsonNode> field = fields.get(random.nextInt(fields.size()));
    JsonNode present = object.get(field.getKey());
    boolean deeper = present != null && random.nextInt(4) > 0;
    if (deeper && present.isObject() && field.getValue().has("properties")) {
      mutate((ObjectNode) present, field.getValue());
    } else if (deeper && present.isArray() && !present.isEmpty()) {
      mutateRows((ArrayNode) present, field.getValue());
    } else if (random.nextInt(4) == 0 && !isRequired(schema, field.getKey())) {
      object.remove(field.getKey());
    } else {
      setIfAny(object, field.getKey(), value(field.getValue()));
    }
  }

  private static void setIfAny(ObjectNode object, String field, JsonNode value) {
    if (!value.isMissingNode()) {
      object.set(field, value);
    }
  }

  private static void addIfAny(ArrayNode rows, JsonNode value) {
    if (!value.isMissingNode()) {
      rows.add(value);
    }
  }

  private void mutateRows(ArrayNode rows, JsonNode schema) {
    JsonNode row = rows.get(random.nextInt(rows.size()));
    JsonNode items = schema.get("items");
    if (random.nextInt(4) == 0 || !row.isObject()) {
      addIfAny(rows, value(items));
    } else {
      mutate((ObjectNode) row, items);
    }
    withoutTwins(rows, schema);
  }

  /** A list that is a map holds no key twice. */
  private static void withoutTwins(ArrayNode rows, JsonNode schema) {
    String key = schema.path("x-kubernetes-list-map-keys").path(0).asText(null);
    Set<JsonNode> seen = new HashSet<>();
    if (key != null) {
      for (int i = rows.size() - 1; i >= 0; i--) {
        if (!seen.add(rows.get(i).path(key))) {
          rows.remove(i);
        }
      }
    }
  }

  private static boolean isRequired(JsonNode schema, String field) {
    for (JsonNode required : schema.path("required")) {
      if (required.asText().equals(field)) {
        return true;
      }
    }
    return false;
  }

  /** Anything that this schema takes; missing when it takes none of what is odd. */
  JsonNode value(JsonNode schema) {
    if (schema.has("enum")) {
      return schema.get("enum").get(random.nextInt(schema.get("enum").size()));
    }
    return switch (schema.get("type").asText()) {
      case "object" -> object(schema);
      case "array" -> {
        ArrayNode rows = JSON.arrayNode();
        for (int left = random.nextInt(3); left > 0; left--) {
          addIfAny(rows, value(schema.get("items")));
        }
        withoutTwins(rows, schema);
        yield rows;
      }
      case "integer" -> {
        List<String> numbers =
            Stream.concat(
                    NUMBERS.stream().filter(number -> fits(number, schema)),
                    Stream.of("minimum", "maximum")
                        .filter(schema::has)
                        .map(bound -> String.valueOf(schema.get(bound).asLong())))
                .toList();
        String number = numbers.get(random.nextInt(numbers.size()));
        yield number.contains("e")
            ? JSON.numberNode(Double.parseDouble(number))
            : JSON.numberNode(new BigInteger(number));
      }
      case "boolean" -> JSON.booleanNode(random.nextBoolean());
      default -> {
        List<String> texts =
            schema.path("format").asText().equals("date-time")
                ? TIMES
                : TEXTS.stream().filter(text -> isMatch(text, schema)).toList();
        yield texts.isEmpty()
            ? MissingNode.getInstance()
            : JSON.textNode(texts.get(random.nextInt(texts.size())));
      }
    };
  }

  private static boolean fits(String number, JsonNode schema) {
    double value = Double.parseDouble(number);
    return value >= schema.path("minimum").asDouble(Double.NEGATIVE_INFINITY)
        && value <= schema.path("maximum").asDouble(Double.POSITIVE_INFINITY);
  }

  private static boolean isMatch(String text, JsonNode schema) {
    return (!schema.has("pattern")
            || Pattern.compile(schema.get("pattern").asText()).matcher(text).find())
        && text.length() >= schema.path("minLength").asInt(0)
        && text.length() <= schema.path("maxLength").asInt(Integer.MAX_VALUE);
  }

  private ObjectNode object(JsonNode schema) {
    ObjectNode object = JSON.objectNode();
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      if (isRequired(schema, field.getKey()) || random.nextInt(3) > 0) {
        setIfAny(object, field.getKey(), value(field.getValue()));
      }
    }
    return object;
  }

  /** A text as an annotation may hold it. */
  String text() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }
}
