package io.pveha.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.pveha.simulator.api.declare.Declaration;
import io.pveha.simulator.api.declare.Declarations;
import io.pveha.simulator.api.declare.Parameter;
import io.pveha.simulator.api.declare.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the simulator declares is what the real server takes, in both releases. */
class DeclaredCallsMatchSchemaTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(strings = {"8.3", "9.1"})
  void everyDeclaredCallIsThereAndTakesTheSame(String release) {
    ApiSchema schema = ApiSchema.of(release);
    List<String> differences = new ArrayList<>();
    for (Declaration call : Declarations.of(release.charAt(0) - '0').all()) {
      if (!ApiSchema.isBeyond(call.name())) {
        JsonNode real = schema.call(call.name()).orElse(null);
        if (real == null) {
          differences.add(call.name() + " is not in the schema");
        } else {
          compare(call, real, differences);
        }
      }
    }
    assertThat(differences).isEmpty();
  }

  private static void compare(Declaration call, JsonNode real, List<String> differences) {
    same(call.name() + " token", call.tokens(), real.get("allowtoken").asBoolean(), differences);
    same(
        call.name() + " forwarded",
        call.forwarded(),
        real.path("proxyto").asText("null").equals("node"),
        differences);
    same(call.name() + " rule", rule(call.rule()), rule(real.get("permissions")), differences);
    parameters(call.name(), call.parameters(), real.get("params"), differences);
  }

  private static void parameters(
      String where, List<Parameter> ours, JsonNode theirs, List<String> differences) {
    Map<String, Parameter> byName = new java.util.TreeMap<>();
    ours.forEach(parameter -> byName.put(parameter.name(), parameter));
    TreeSet<String> names = new TreeSet<>();
    theirs.fieldNames().forEachRemaining(names::add);
    same(where + " names", byName.keySet(), names, differences);
    for (Map.Entry<String, JsonNode> entry : theirs.properties()) {
      if (byName.containsKey(entry.getKey())) {
        String at = where + " " + entry.getKey();
        compare(at, byName.get(entry.getKey()), entry.getValue(), differences);
      }
    }
  }

  private static void compare(
      String at, Parameter ours, JsonNode theirs, List<String> differences) {
    if (theirs.has("alias")) {
      same(at + " alias", ours.alias(), theirs.get("alias").asText(), differences);
      same(at + " key", ours.keyAlias(), text(theirs, "keyAlias"), differences);
      return;
    }
    String type = ours.type().name().toLowerCase(Locale.ROOT);
    same(at + " type", type, theirs.path("type").asText("string"), differences);
    same(at + " optional", ours.optional(), ApiSchema.optional(theirs), differences);
    same(at + " bare", ours.bare(), theirs.path("default_key").asBoolean(), differences);
    List<String> alternatives = new ArrayList<>();
    theirs.path("enum").forEach(value -> alternatives.add(value.asText()));
    same(at + " enum", ours.alternatives(), alternatives, differences);
    JsonNode format = theirs.path("format");
    same(at + " format", ours.format(), format.isTextual() ? format.asText() : null, differences);
    same(at + " nested", ours.keys() != null, format.size() > 0, differences);
    if (ours.keys() != null && format.isObject()) {
      parameters(at, ours.keys(), format, differences);
    }
    same(at + " minimum", plain(ours.minimum()), text(theirs, "minimum"), differences);
    same(at + " maximum", plain(ours.maximum()), text(theirs, "maximum"), differences);
    same(at + " longest", plain(ours.longest()), text(theirs, "maxLength"), differences);
    same(at + " shortest", ours.shortest(), theirs.path("minLength").asInt(), differences);
    same(at + " requires", ours.requires(), text(theirs, "requires"), differences);
    String pattern = theirs.has("pattern") ? SchemaCheck.java(text(theirs, "pattern")) : null;
    String ourPattern = ours.pattern() == null ? null : ours.pattern().pattern();
    same(at + " pattern", ourPattern, pattern, differences);
  }

  private static String plain(Object number) {
    return number == null ? null : number.toString();
  }

  private static String text(JsonNode schema, String key) {
    return schema.has(key) ? schema.get(key).asText() : null;
  }

  /** The schema's way to write a rule, without the prose that mentions further privileges. */
  private static String rule(JsonNode permissions) {
    if (permissions.isNull()) {
      return "root";
    }
    if (permissions.has("check")) {
      return permissions.get("check").toString();
    }
    return permissions.get("user").asText();
  }

  private static String rule(Rule rule) {
    return switch (rule.kind()) {
      case "root", "all", "world" -> rule.kind();
      default -> tree(rule).toString();
    };
  }

  private static ArrayNode tree(Rule rule) {
    ArrayNode tree = JSON.createArrayNode().add(rule.kind());
    rule.parts().forEach(part -> tree.add(tree(part)));
    int at = 0;
    for (String word : rule.words()) {
      boolean list = at == 1 && rule.kind().equals("perm");
      list |= at == 0 && rule.kind().equals("userid-group");
      if (list) {
        ArrayNode privileges = tree.addArray();
        List.of(word.split(" ")).forEach(privileges::add);
      } else if (word.equals("1")) {
        tree.add(1);
      } else {
        tree.add(word);
      }
      at++;
    }
    return tree;
  }

  private static void same(String what, Object ours, Object theirs, List<String> differences) {
    if (!java.util.Objects.equals(ours, theirs)) {
      differences.add(what + ": ours " + ours + ", theirs " + theirs);
    }
  }
}
