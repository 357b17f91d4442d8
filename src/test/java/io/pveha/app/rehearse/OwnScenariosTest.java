package io.pveha.app.rehearse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.core.ha.LrmStatus.LrmState;
import io.pveha.core.ha.ServiceState;
import io.pveha.rehearsal.Operation;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Our own scenarios: each guards what its {@code why} says. */
class OwnScenariosTest {

  @TestFactory
  Stream<DynamicTest> playsAsReasonedFromTheSpecification() {
    return ScenarioFiles.in(ScenarioFiles.ownFolder(), "*.json").stream()
        .map(OwnScenariosTest::scenario);
  }

  private static DynamicTest scenario(Path file) {
    JsonNode document = ScenarioFiles.json(file);
    return dynamicTest(
        document.path("name").asText() + ": " + document.path("why").asText(),
        () -> {
          assertThat(document.path("why").asText()).isNotBlank();
          assertThat(file).hasFileName(document.path("name").asText() + ".json");
          assertThat(ScenarioFiles.play(file)).isEqualTo(ScenarioFiles.expected(document));
        });
  }

  @Test
  void everyStateAndEveryOperationIsExercised() {
    Set<String> states = new TreeSet<>();
    Set<String> operations = new TreeSet<>();
    for (Path file : ScenarioFiles.in(ScenarioFiles.ownFolder(), "*.json")) {
      for (JsonNode event : ScenarioFiles.json(file).path("expected")) {
        states.add(event.path("to").asText());
        states.add(event.path("from").asText());
        operations.add(event.path("command").path("op").asText());
      }
    }
    assertThat(ScenarioFiles.in(ScenarioFiles.ownFolder(), "*.json")).hasSizeGreaterThan(60);
    assertThat(states)
        .containsAll(Stream.of(ServiceState.values()).map(ServiceState::word).toList())
        .containsAll(Stream.of(LrmState.values()).map(LrmState::word).toList());
    assertThat(operations)
        .containsAll(Stream.of(Operation.Kind.values()).map(Operation.Kind::word).toList());
  }
}
