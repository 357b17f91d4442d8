package io.pveha.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Argo CD shows of our objects. Each document in {@code src/test/resources/argocd} is an
 * object with the annotations {@code expected} and {@code says} (a part of the message).
 */
class ArgoHealthTest {

  private static final Path FOLDER = Path.of("src", "test", "resources", "argocd");

  /** An object and its name in the report. */
  record Sample(String name, JsonNode object) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Sample> samples() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .sorted()
          .flatMap(file -> Helm.objects(read(file)).stream())
          .map(
              object ->
                  new Sample(
                      object.path("kind").asText() + " " + object.at("/metadata/name").asText(),
                      object))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void argoCdShowsWhatThePersonShouldKnow(Sample sample) throws Exception {
    JsonNode annotations = sample.object().at("/metadata/annotations");

    LuaHealth.Health health = new LuaHealth().of(sample.object());

    assertThat(health.status())
        .as(health.message())
        .isEqualTo(annotations.path("expected").asText());
    assertThat(health.message()).contains(annotations.path("says").asText());
  }

  @Test
  void everyKindHasSamplesOfWhatItCanBe() throws IOException {
    assertThat(
            samples().stream()
                .collect(
                    Collectors.groupingBy(
                        sample -> sample.object().path("kind").asText(),
                        Collectors.mapping(
                            sample -> sample.object().at("/metadata/annotations/expected").asText(),
                            Collectors.toSet()))))
        .hasSize(4)
        .allSatisfy(
            (kind, shown) ->
                assertThat(shown)
                    .as(kind)
                    .contains("Healthy", "Progressing", "Degraded", "Suspended"));
  }

  @Test
  void samplesUseConditionsThatExist() throws IOException {
    List<String> types = Stream.of(ConditionType.values()).map(Object::toString).toList();
    List<String> reasons = Stream.of(ConditionReason.values()).map(Object::toString).toList();
    for (Sample sample : samples()) {
      JsonNode conditions = sample.object().at("/status/conditions");
      assertThat(texts(conditions, "type")).isSubsetOf(types);
      assertThat(texts(conditions, "reason")).isSubsetOf(reasons);
    }
  }

  private static List<String> texts(JsonNode conditions, String field) {
    return StreamSupport.stream(conditions.spliterator(), false)
        .map(condition -> condition.path(field).asText())
        .toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
