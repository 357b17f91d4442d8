package io.pveha.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pveha.app.demo.ResourceProgress.ResourceName;
import io.pveha.testing.RealApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The packaged operator is killed with -9 at the moment when it has just asked Proxmox for
 * something, and started again. It must end where it would have ended anyway, and ask nothing
 * twice.
 */
class KilledOperatorIT {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final ObjectMapper json = new ObjectMapper();
  private final Waiting waiting = new Waiting(Clock.systemUTC());

  @TempDir Path workDir;

  @ParameterizedTest(name = "killed after request {1} of {0}")
  @CsvSource({
    "POST /cluster/config, 1",
    "POST /cluster/config/join, 1",
    "POST /cluster/config/join, 2",
    "POST /nodes/[^/]+/disks/zfs, 1",
    "POST /nodes/[^/]+/lxc, 1",
    "POST /cluster/replication, 1",
    "POST /cluster/ha/resources, 1"
  })
  void endsInTheSameStateAndAsksNothingTwice(String request, int count) {
    RealApiServer api = RealApiServer.orSkip("an operator killed while it forms a cluster");
    String namespace = api.newNamespace("killed");
    Path record = workDir.resolve("requests.jsonl");
    Story.Settings settings = new Story.Settings(20, "9.1", 0, 7, Optional.of(record), workDir);
    try (Simulator simulator = Simulator.start(settings, waiting)) {
      List<ResourceName> resources = apply(api.client(), namespace, simulator);
      ResourceProgress progress =
          new ResourceProgress(api.client(), namespace, Clock.systemUTC(), System.out);
      try (ChildProcess first = OperatorProcess.start(workDir, api.kubeconfig(), namespace)) {
        waiting.until(request, LIMIT, first, () -> accepted(record, request).size() >= count);
        first.kill();
      }

      try (ChildProcess second = OperatorProcess.start(workDir, api.kubeconfig(), namespace)) {
        waiting.until(
            "all resources to be Ready", LIMIT, second, () -> progress.allReady(resources));
      }

      assertThat(accepted(record, "POST /cluster/config")).hasSize(1);
      assertThat(accepted(record, "POST /cluster/config/join"))
          .extracting(line -> line.path("node").asText())
          .containsExactlyInAnyOrder("node2", "node3");
      assertThat(accepted(record, "POST /nodes/[^/]+/disks/zfs"))
          .extracting(line -> line.path("path").asText())
          .doesNotHaveDuplicates()
          .hasSize(3);
      assertThat(accepted(record, "POST /storage")).hasSize(1);
      assertThat(accepted(record, "POST /nodes/[^/]+/lxc")).hasSize(1);
      assertThat(accepted(record, "POST /cluster/replication")).hasSize(2);
      assertThat(accepted(record, "POST /cluster/ha/resources")).hasSize(1);
      assertThat(simulator.truth().path("destroyed")).isEmpty();
      assertThat(simulator.truth().path("violations")).isEmpty();
    }
  }

  private static List<ResourceName> apply(
      KubernetesClient client, String namespace, Simulator simulator) {
    List<HasMetadata> objects =
        Manifests.load(
            client, Path.of("examples", "three-nodes"), ExampleValues.of(simulator.info()));
    objects.forEach(object -> client.resource(object).inNamespace(namespace).create());
    return objects.stream()
        .filter(object -> ResourceName.isOurs(object.getKind()))
        .map(object -> new ResourceName(object.getKind(), object.getMetadata().getName()))
        .toList();
  }

  private List<JsonNode> accepted(Path record, String request) {
    Pattern wanted = Pattern.compile(request);
    try {
      String text = Files.readString(record);
      // The last line may be half written.
      return text.substring(0, text.lastIndexOf('\n') + 1)
          .lines()
          .map(this::read)
          .filter(line -> line.path("status").asInt() == 200)
          .filter(
              line ->
                  wanted
                      .matcher(line.path("method").asText() + " " + line.path("path").asText())
                      .matches())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode read(String line) {
    try {
      return json.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
