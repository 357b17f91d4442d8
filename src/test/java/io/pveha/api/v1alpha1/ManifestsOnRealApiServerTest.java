package io.pveha.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.pveha.testing.RealApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What users write, before the real API server: each wrong manifest in {@code
 * src/test/resources/rejected} is refused with the sentence in its first line, and each example is
 * accepted.
 *
 * <p>A rejected file with several documents is an object and a change of it: all but the last are
 * accepted.
 */
class ManifestsOnRealApiServerTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static RealApiServer server;

  @BeforeAll
  static void start() {
    server = RealApiServer.orSkip("what the schema of the four kinds refuses and accepts");
  }

  static List<Path> rejected() throws IOException {
    return yamlFiles(Path.of("src/test/resources/rejected"));
  }

  static List<Path> examples() throws IOException {
    // Those for GitOps tools are of kinds that only these tools bring.
    return yamlFiles(Path.of("examples")).stream()
        .filter(file -> !file.startsWith(Path.of("examples", "gitops")))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("rejected")
  void wrongManifestIsRefusedWithItsSentence(Path file) throws IOException {
    String text = Files.readString(file);
    String sentence = text.lines().findFirst().orElseThrow().replaceFirst("^# *", "");
    KubernetesClient client = server.client();
    String namespace = server.newNamespace("rejected");
    List<GenericKubernetesResource> documents = documents(text);
    GenericKubernetesResource wrong = documents.remove(documents.size() - 1);
    for (GenericKubernetesResource earlier : documents) {
      strictly(client, earlier, namespace).serverSideApply();
    }

    assertThatThrownBy(() -> strictly(client, wrong, namespace).serverSideApply())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(sentence);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void exampleIsAccepted(Path file) throws IOException {
    KubernetesClient client = server.client();
    String namespace = server.newNamespace("example");

    for (GenericKubernetesResource object : documents(Files.readString(file))) {
      GenericKubernetesResource accepted = strictly(client, object, namespace).serverSideApply();

      assertThat(accepted.getMetadata().getUid()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void serverAndRecordsFillTheSameDefaults(Path file) throws IOException {
    KubernetesClient client = server.client();
    String namespace = server.newNamespace("defaults");

    for (GenericKubernetesResource object : documents(Files.readString(file))) {
      if (object.getApiVersion().startsWith(ApiNames.NAME)) {
        GenericKubernetesResource accepted = strictly(client, object, namespace).serverSideApply();

        assertThat(typed(accepted).getSpec()).isEqualTo(typed(object).getSpec());
      }
    }
  }

  private static CustomResource<?, ?> typed(GenericKubernetesResource object) {
    return CrdFiles.KINDS.stream()
        .filter(kind -> kind.getSimpleName().equals(object.getKind()))
        .map(kind -> Serialization.unmarshal(Serialization.asJson(object), kind))
        .findFirst()
        .orElseThrow();
  }

  private static Resource<GenericKubernetesResource> strictly(
      KubernetesClient client, GenericKubernetesResource object, String namespace) {
    object.getMetadata().setNamespace(namespace);
    return (Resource<GenericKubernetesResource>)
        client.resource(object).fieldValidation(FieldValidateable.Validation.STRICT);
  }

  /** Untyped, so that nothing is filled in or left out on the way. */
  private static List<GenericKubernetesResource> documents(String text) throws IOException {
    try (MappingIterator<GenericKubernetesResource> all =
        YAML.readerFor(GenericKubernetesResource.class).readValues(text)) {
      return all.readAll();
    }
  }

  private static List<Path> yamlFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }
}
