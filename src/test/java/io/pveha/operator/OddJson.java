package io.pveha.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Changes one place of an answer to something that nobody expects there. */
final class OddJson {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Random random;

  OddJson(Random random) {
    this.random = random;
  }

  /** The answer, changed in one place; the given one stays as it is. */
  JsonNode mutated(JsonNode answer) {
    JsonNode copy = answer.deepCopy();
    List<Runnable> changes = new ArrayList<>();
    collect(copy, changes);
    if (changes.isEmpty() || random.nextInt(12) == 0) {
      return value();
    }
    changes.get(random.nextInt(changes.size())).run();
    return copy;
  }

  private void collect(JsonNode node, List<Runnable> changes) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        changes.add(() -> change(object, field.getKey()));
        collect(field.getValue(), changes);
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int row = i;
        changes.add(() -> change(array, row));
        collect(array.get(i), changes);
      }
    }
  }

  private void change(ObjectNode object, String field) {
    switch (random.nextInt(4)) {
      case 0 -> object.remove(field);
      case 1 -> object.set("", object.remove(field));
      default -> object.set(field, value());
    }
  }

  private void change(ArrayNode array, int row) {
    switch (random.nextInt(4)) {
      case 0 -> array.add(array.get(row).deepCopy());
      case 1 -> array.add(mutated(array.get(row)));
      default -> array.set(row, value());
    }
  }

  private JsonNode value() {
    return switch (random.nextInt(14)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.textNode("");
      case 2 -> JSON.textNode(" ");
      case 3 -> JSON.textNode("a\nb\u0000\u202ec");
      case 4 -> JSON.textNode("x".repeat(5000));
      case 5 -> JSON.numberNode(-1);
      case 6 -> JSON.numberNode(Long.MAX_VALUE);
      case 7 -> JSON.numberNode(new BigInteger("99999999999999999999999999"));
      case 8 -> JSON.numberNode(1e300);
      case 9 -> JSON.booleanNode(random.nextBoolean());
      case 10 -> JSON.arrayNode();
      case 11 -> JSON.arrayNode().add(JSON.arrayNode().add(JSON.nullNode()));
      case 12 -> JSON.objectNode();
      default -> JSON.objectNode().set("a", JSON.objectNode().put("b", 1));
    };
  }
}
