package io.pveha.simulator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pveha.contract.ApiSchema;
import io.pveha.simulator.api.declare.Declaration;
import io.pveha.simulator.api.declare.Declarations;
import io.pveha.simulator.machine.PveVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tour through all simulated calls; what was recorded on it is held against the schema. */
class EveryCallTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void everyDeclaredCallIsAnsweredByCodeAndNoOther() {
    Set<String> declared = new TreeSet<>();
    Declarations.of(8).all().forEach(call -> declared.add(call.name()));
    Declarations.of(9).all().forEach(call -> declared.add(call.name()));
    Set<String> answered = new TreeSet<>(CallTable.complete().names());
    assertThat(answered).isEqualTo(declared);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.3", "9.1"})
  void everyGoodAnswerHasTheFormOfTheSchema(String release) throws IOException {
    ApiSchema schema = ApiSchema.of(release);
    Path record = folder.resolve("traffic.jsonl");
    SimulatorOptions options =
        SimulatorOptions.standard()
            .withVersion(PveVersion.of(release))
            .withBare(false)
            .withVirtualTime()
            .withRecord(record);
    List<String> failed = new ArrayList<>();
    try (SimulatedCluster started = SimulatedCluster.start(options, Tour.START)) {
      new Tour(started, folder, failed).everything();
    }
    assertThat(failed).as("calls that were refused").isEmpty();
    assertThat(schema.errorsIn(record)).as("what does not match the schema").isEmpty();
    assertThat(notTaken(release, record)).as("declared calls that nobody made").isEmpty();
  }

  private static Set<String> notTaken(String release, Path record) throws IOException {
    Declarations declarations = Declarations.of(release.charAt(0) - '0');
    Set<String> left = new TreeSet<>();
    declarations.all().stream().map(Declaration::name).forEach(left::add);
    for (String line : Files.readAllLines(record)) {
      JsonNode entry = JSON.readTree(line);
      List<String> path = List.of(entry.get("path").asText().substring(1).split("/"));
      if (entry.get("status").asInt() == 200) {
        declarations
            .route(entry.get("method").asText(), path)
            .ifPresent(match -> left.remove(match.call().name()));
      }
    }
    // On 9.x every one of these is refused; RefusalsTest says how.
    left.removeIf(name -> release.startsWith("9") && name.contains("/cluster/ha/groups"));
    return left;
  }

  @Test
  void secretsAreBlankInTheRecord() throws IOException {
    Path record = folder.resolve("secrets.jsonl");
    SimulatorOptions options =
        SimulatorOptions.standard().withNodes(1).withVirtualTime().withRecord(record);
    Map<String, String> secrets = new java.util.TreeMap<>();
    try (SimulatedCluster started = SimulatedCluster.start(options, Tour.START)) {
      ApiClient client = new ApiClient(started.info().nodes().get(0).url());
      secrets.put(
          "ticket",
          client.login("root@pam", started.info().rootPassword()).data().get("ticket").asText());
      ApiClient.Reply token = client.post("/access/users/root@pam/token/one");
      secrets.put("token", token.data().get("value").asText());
      secrets.put("password", started.info().rootPassword());
    }
    assertThat(Files.readString(record)).doesNotContain(secrets.values());
  }
}
