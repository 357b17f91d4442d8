package io.pveha.app.rehearse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Proxmox's own regression facts, event for event and second for second. */
class SharedScenariosTest {

  @TestFactory
  Stream<DynamicNode> reproducesProxmox() {
    return ScenarioFiles.in(ScenarioFiles.sharedFolder(), "test-*.json").stream()
        .map(SharedScenariosTest::levels);
  }

  private static DynamicNode levels(Path file) {
    JsonNode document = ScenarioFiles.json(file);
    List<JsonNode> want = ScenarioFiles.expected(document);
    List<JsonNode> got = ScenarioFiles.play(file);
    return dynamicContainer(
        document.path("name").asText(),
        Stream.of(
            dynamicTest(
                "L1 where everything ends",
                () ->
                    assertThat(Levels.ends(document, got)).isEqualTo(Levels.ends(document, want))),
            dynamicTest(
                "L2 the way there",
                () -> assertThat(Levels.transitions(got)).isEqualTo(Levels.transitions(want))),
            dynamicTest(
                "L3 every core event",
                () -> assertThat(Levels.coreEvents(got)).isEqualTo(Levels.coreEvents(want))),
            dynamicTest("all other events too", () -> assertThat(got).isEqualTo(want))));
  }

  @Test
  void thereAreScenariosToReproduce() {
    assertThat(ScenarioFiles.in(ScenarioFiles.sharedFolder(), "test-*.json"))
        .hasSizeGreaterThan(70);
  }
}
