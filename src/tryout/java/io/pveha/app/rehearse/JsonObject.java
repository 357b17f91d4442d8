package io.pveha.app.rehearse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** An object of a document that knows where it is, so that a complaint can say so. */
record JsonObject(String path, JsonNode node) {

  static JsonObject root(JsonNode node) {
    if (node == null || !node.isObject()) {
      throw new IllegalArgumentException("is no JSON object");
    }
    return new JsonObject("", node);
  }

  boolean isMissing() {
    return node.isMissingNode();
  }

  JsonObject object(String key) {
    JsonObject found = optional(key);
    if (found.isMissing()) {
      throw wrong(key, "is missing");
    }
    return found;
  }

  /** An object without fields when it is not there. */
  JsonObject optional(String key) {
    JsonNode child = node.path(key);
    if (child.isMissingNode() || child.isNull()) {
      return new JsonObject(at(key), MissingNode.getInstance());
    }
    if (!child.isObject()) {
      throw wrong(key, "must be an object");
    }
    return new JsonObject(at(key), child);
  }

  void each(BiConsumer<String, JsonObject> visitor) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      visitor.accept(entry.getKey(), object(entry.getKey()));
    }
  }

  void eachText(BiConsumer<String, String> visitor) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      visitor.accept(entry.getKey(), text(entry.getKey()));
    }
  }

  List<JsonObject> list(String key) {
    List<JsonObject> objects = new ArrayList<>();
    for (JsonNode element : elements(key)) {
      if (!element.isObject()) {
        throw wrong(key, "must be a list of objects");
      }
      objects.add(new JsonObject(at(key) + "[" + objects.size() + "]", element));
    }
    return objects;
  }

  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : elements(key)) {
      if (!element.isTextual()) {
        throw wrong(key, "must be a list of strings");
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  /** A list of lists of flat objects. */
  List<List<Map<String, Object>>> batches(String key) {
    if (!node.path(key).isArray()) {
      throw wrong(key, "must be a list of lists");
    }
    List<List<Map<String, Object>>> batches = new ArrayList<>();
    for (JsonNode batch : elements(key)) {
      if (!batch.isArray()) {
        throw wrong(key, "must be a list of lists");
      }
      List<Map<String, Object>> objects = new ArrayList<>();
      for (JsonNode element : batch) {
        if (!element.isObject()) {
          throw wrong(key, "must be a list of lists of objects");
        }
        objects.add(new JsonObject(at(key), element).plain());
      }
      batches.add(objects);
    }
    return batches;
  }

  private Map<String, Object> plain() {
    Map<String, Object> plain = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      JsonNode value = entry.getValue();
      if (value.isTextual()) {
        plain.put(entry.getKey(), value.textValue());
      } else if (value.isNumber()) {
        plain.put(entry.getKey(), value.numberValue());
      } else if (value.isBoolean()) {
        plain.put(entry.getKey(), value.booleanValue());
      } else if (!value.isNull()) {
        throw wrong(entry.getKey(), "must be a string, a number or a boolean");
      }
    }
    return plain;
  }

  private JsonNode elements(String key) {
    JsonNode list = node.path(key);
    if (!list.isMissingNode() && !list.isNull() && !list.isArray()) {
      throw wrong(key, "must be a list");
    }
    return list;
  }

  String text(String key) {
    String text = text(key, null);
    if (text == null || text.isEmpty()) {
      throw wrong(key, "is missing");
    }
    return text;
  }

  String text(String key, String otherwise) {
    JsonNode child = node.path(key);
    if (child.isMissingNode() || child.isNull()) {
      return otherwise;
    }
    if (!child.isTextual()) {
      throw wrong(key, "must be a string");
    }
    return child.textValue();
  }

  boolean flag(String key, boolean otherwise) {
    JsonNode child = node.path(key);
    if (child.isMissingNode() || child.isNull()) {
      return otherwise;
    }
    if (!child.isBoolean()) {
      throw wrong(key, "must be true or false");
    }
    return child.booleanValue();
  }

  /** Null when it is not there. */
  Double number(String key) {
    JsonNode child = node.path(key);
    if (child.isMissingNode() || child.isNull()) {
      return null;
    }
    if (!child.isNumber() || child.doubleValue() < 0) {
      throw wrong(key, "must be a number that is not negative");
    }
    return child.doubleValue();
  }

  int whole(String key, int otherwise) {
    JsonNode child = node.path(key);
    if (child.isMissingNode() || child.isNull()) {
      return otherwise;
    }
    if (!child.canConvertToInt() || !child.isIntegralNumber()) {
      throw wrong(key, "must be a whole number");
    }
    return child.intValue();
  }

  boolean onOff(String key) {
    return switch (text(key, "off")) {
      case "on" -> true;
      case "off" -> false;
      default -> throw wrong(key, "must be on or off");
    };
  }

  /** A word with a meaning; required when there is none to take otherwise. */
  <T> T word(String key, Function<String, T> meaning, String otherwise) {
    String word = otherwise == null ? text(key) : text(key, otherwise);
    try {
      return meaning.apply(word);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(at(key) + ": unknown word '" + word + "'", e);
    }
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private IllegalArgumentException wrong(String key, String complaint) {
    return new IllegalArgumentException(at(key) + ": " + complaint);
  }
}
