package io.pveha.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the CRDs allow is what the records read: an object that the API server stores and the
 * operator can't read would stop the informer for all objects of the kind.
 */
class RecordsAndSchemaTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final KubernetesSerialization JSON = new KubernetesSerialization();

  static List<Named<Class<? extends CustomResource<?, ?>>>> kinds() {
    return CrdFiles.KINDS.stream()
        .<Named<Class<? extends CustomResource<?, ?>>>>map(
            kind -> Named.of(kind.getSimpleName(), kind))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyFieldAndEnumValueOfTheSchemaSurvivesTheRecords(
      Class<? extends CustomResource<?, ?>> kind) throws IOException {
    JsonNode schema = schema(kind);
    int variants = mostEnumValues(schema);
    for (int variant = 0; variant < variants; variant++) {
      ObjectNode full = full(schema, variant);
      full.put("kind", kind.getSimpleName());

      JsonNode written = rewritten(kind, full);

      assertThat(written.get("spec")).isEqualTo(full.get("spec"));
      assertThat(written.get("status")).isEqualTo(full.get("status"));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void fieldsOfALaterVersionAreIgnored(Class<? extends CustomResource<?, ?>> kind)
      throws IOException {
    ObjectNode known = full(schema(kind), 0);
    ObjectNode newer = known.deepCopy();
    addUnknownFields(newer.get("spec"));
    addUnknownFields(newer.get("status"));

    JsonNode written = rewritten(kind, newer);

    assertThat(written.get("spec")).isEqualTo(known.get("spec"));
    assertThat(written.get("status")).isEqualTo(known.get("status"));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void emptyObjectIsReadWithoutNullLists(Class<? extends CustomResource<?, ?>> kind)
      throws Exception {
    String empty = "{\"spec\":{},\"status\":{}}";

    CustomResource<?, ?> resource = JSON.unmarshal(empty, kind);

    for (Object part : List.of(resource.getSpec(), resource.getStatus())) {
      for (var field : part.getClass().getRecordComponents()) {
        if (List.class.isAssignableFrom(field.getType())) {
          assertThat(field.getAccessor().invoke(part)).as(field.getName()).isEqualTo(List.of());
        }
      }
    }
  }

  @Test
  void everyRuleHasARejectedManifest() throws IOException {
    Set<String> sentences = new TreeSet<>();
    for (Class<? extends CustomResource<?, ?>> kind : CrdFiles.KINDS) {
      schema(kind)
          .findValues("x-kubernetes-validations")
          .forEach(rules -> rules.forEach(rule -> sentences.add(rule.get("message").asText())));
    }
    try (Stream<Path> rejected = Files.list(Path.of("src/test/resources/rejected"))) {
      for (Path file : rejected.toList()) {
        sentences.remove(Files.readAllLines(file).get(0).replaceFirst("^# *", ""));
      }
    }

    assertThat(sentences).as("rules without a manifest that breaks them").isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyFieldIsExplained(Class<? extends CustomResource<?, ?>> kind) {
    List<String> unexplained = new ArrayList<>();

    collectUnexplained("", schema(kind), unexplained);

    assertThat(unexplained).isEmpty();
  }

  /** Kubernetes' own conditions are left out, they are explained elsewhere. */
  private static void collectUnexplained(String path, JsonNode schema, List<String> unexplained) {
    if (schema.path("properties").has("lastTransitionTime")) {
      return;
    }
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      String name = path + "." + field.getKey();
      if (!field.getValue().has("description")) {
        unexplained.add(name);
      }
      collectUnexplained(name, field.getValue(), unexplained);
      collectUnexplained(name + "[]", field.getValue().path("items"), unexplained);
    }
  }

  private static JsonNode schema(Class<?> kind) {
    String crd =
        CrdFiles.generate().entrySet().stream()
            .filter(file -> file.getKey().startsWith(plural(kind) + "."))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseThrow();
    try {
      return YAML.readTree(crd).at("/spec/versions/0/schema/openAPIV3Schema");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String plural(Class<?> kind) {
    return HasMetadata.getPlural(kind.asSubclass(HasMetadata.class));
  }

  private static JsonNode rewritten(Class<? extends CustomResource<?, ?>> kind, JsonNode object)
      throws IOException {
    return YAML.readTree(JSON.asJson(JSON.unmarshal(object.toString(), kind)));
  }

  private static int mostEnumValues(JsonNode schema) {
    return schema.findValues("enum").stream().mapToInt(JsonNode::size).max().orElse(1);
  }

  /** An object with every field of the schema; enums take the value number {@code variant}. */
  private static ObjectNode full(JsonNode schema, int variant) {
    return (ObjectNode) value(schema, variant);
  }

  private static JsonNode value(JsonNode schema, int variant) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (schema.has("enum")) {
      JsonNode values = schema.get("enum");
      return values.get(variant % values.size());
    }
    return switch (schema.get("type").asText()) {
      case "object" -> {
        ObjectNode object = json.objectNode();
        schema
            .path("properties")
            .properties()
            .forEach(field -> object.set(field.getKey(), value(field.getValue(), variant)));
        if (schema.has("additionalProperties")) {
          object.set("some", value(schema.get("additionalProperties"), variant));
        }
        yield object;
      }
      case "array" -> json.arrayNode().add(value(schema.get("items"), variant));
      case "integer" -> json.numberNode((int) schema.path("minimum").asDouble(3));
      case "boolean" -> json.booleanNode(variant % 2 == 0);
      case "string" ->
          json.textNode(
              schema.path("format").asText().equals("date-time") ? "2026-01-02T03:04:05Z" : "text");
      default -> throw new AssertionError("no example for " + schema);
    };
  }

  /** Not in Kubernetes' own conditions and in maps, which keep what they don't know. */
  private static void addUnknownFields(JsonNode node) {
    for (Iterator<JsonNode> children = node.elements(); children.hasNext(); ) {
      addUnknownFields(children.next());
    }
    boolean keepsUnknown = node.has("lastTransitionTime") || node.has("some");
    if (node instanceof ObjectNode object && !keepsUnknown) {
      object.putObject("fieldOfALaterVersion").put("a", 1);
    }
  }
}
