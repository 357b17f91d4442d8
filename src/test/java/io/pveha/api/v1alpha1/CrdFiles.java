package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The CustomResourceDefinitions as text, made from the compiled records by fabric8's generator.
 * Added to what it knows: lists that are maps ({@link ListKey}), the order of the columns, and that
 * an object without a spec is none.
 */
final class CrdFiles {

  static final List<Class<? extends CustomResource<?, ?>>> KINDS =
      List.of(ProxmoxCluster.class, ZfsPool.class, ReplicationJob.class, HaResource.class);

  private CrdFiles() {}

  /** File name to content, by name. */
  static Map<String, String> generate() {
    Map<String, String> files = new TreeMap<>();
    for (Class<? extends CustomResource<?, ?>> kind : KINDS) {
      files.put(HasMetadata.getFullResourceName(kind) + ".yaml", generate(kind));
    }
    return files;
  }

  private static String generate(Class<? extends CustomResource<?, ?>> kind) {
    InMemory output = new InMemory();
    new CRDGenerator()
        .customResourceClasses(List.of(kind))
        .forCRDVersions("v1")
        .withPostProcessor(
            new CRDPostProcessor() {
              @Override
              public HasMetadata process(HasMetadata crd, String version) {
                return completed(kind, (CustomResourceDefinition) crd);
              }
            })
        .withOutput(output)
        .generate();
    return output.text();
  }

  private static HasMetadata completed(Class<?> kind, CustomResourceDefinition crd) {
    ParameterizedType resource = (ParameterizedType) kind.getGenericSuperclass();
    CustomResourceDefinitionVersion version = crd.getSpec().getVersions().get(0);
    JSONSchemaProps schema = version.getSchema().getOpenAPIV3Schema();
    schema.setRequired(List.of("spec"));
    schema.setDescription(kind.getAnnotation(JsonClassDescription.class).value());
    schema.getProperties().get("spec").setDescription("What it should be.");
    schema.getProperties().get("status").setDescription("What the operator knows of it.");
    addListKeys(resource.getActualTypeArguments()[0], schema.getProperties().get("spec"));
    addListKeys(resource.getActualTypeArguments()[1], schema.getProperties().get("status"));
    List<String> columns =
        Stream.of(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
            .map(AdditionalPrinterColumn::name)
            .toList();
    version
        .getAdditionalPrinterColumns()
        .sort(Comparator.comparing(column -> columns.indexOf(column.getName())));
    return crd;
  }

  private static void addListKeys(Type type, JSONSchemaProps schema) {
    if (type == Condition.class) {
      // The names are Kubernetes' own; fabric8 leaves out that there are only three.
      require(schema, "status");
      schema
          .getProperties()
          .get("status")
          .setEnum(
              Stream.of("True", "False", "Unknown")
                  .<JsonNode>map(JsonNodeFactory.instance::textNode)
                  .toList());
    } else if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      addListKeys(list.getActualTypeArguments()[0], schema.getItems().getSchema());
    } else if (type instanceof Class<?> fields && fields.isRecord()) {
      for (RecordComponent field : fields.getRecordComponents()) {
        JSONSchemaProps property = schema.getProperties().get(field.getName());
        ListKey key = field.getAnnotation(ListKey.class);
        if (key != null) {
          property.setXKubernetesListType("map");
          property.setXKubernetesListMapKeys(List.of(key.value()));
          require(property.getItems().getSchema(), key.value());
        }
        addListKeys(field.getGenericType(), property);
      }
    }
  }

  /** Kubernetes takes only required fields as keys. */
  private static void require(JSONSchemaProps items, String field) {
    TreeSet<String> required = new TreeSet<>(items.getRequired());
    required.add(field);
    items.setRequired(List.copyOf(required));
  }

  private static final class InMemory
      extends CRDGenerator.AbstractCRDOutput<ByteArrayOutputStream> {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    protected ByteArrayOutputStream createStreamFor(String name) {
      return bytes;
    }

    String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}
