package io.pveha.packaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The program {@code helm}, from the path or from beside the kube-apiserver of the tests. Where it
 * is missing, tests are skipped; with {@code CI=true} they fail instead.
 */
final class Helm {

  static final Path CHART = Path.of("helm", "proxmox-ha-operator");

  /** Kubernetes that is rendered for. */
  private static final String KUBE_VERSION = "1.35.4";

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private final Path program;

  private Helm(Path program) {
    this.program = program;
  }

  static Helm orSkip(String leftOut) {
    Optional<Path> found = find();
    if (found.isEmpty()) {
      String message = "no helm, left out: " + leftOut;
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(message);
      }
      System.out.println(message);
      Assumptions.abort(message);
    }
    return new Helm(found.orElseThrow());
  }

  /** Where it is; {@code kubectl} may be beside it. */
  Path folder() {
    return program.toAbsolutePath().getParent();
  }

  /** What a run of a program came to. */
  record Outcome(int status, String out, String err) {}

  Outcome lint(String... options) {
    return run(arguments(List.of("lint", CHART.toString(), "--strict"), options));
  }

  /**
   * Renders the chart into namespace {@code proxmox-ha-system}; fails the test when helm refuses.
   */
  String render(String... options) {
    Outcome outcome = tryToRender(options);
    if (outcome.status() != 0) {
      throw new AssertionError("helm template refused: " + outcome.err());
    }
    return outcome.out();
  }

  Outcome tryToRender(String... options) {
    return run(
        arguments(
            List.of(
                "template",
                "proxmox-ha-operator",
                CHART.toString(),
                "--namespace",
                "proxmox-ha-system",
                "--kube-version",
                KUBE_VERSION),
            options));
  }

  /** The objects in a text of several YAML documents. */
  static List<JsonNode> objects(String yaml) {
    try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(yaml)) {
      return all.readAll().stream().filter(JsonNode::isObject).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> arguments(List<String> fixed, String... options) {
    List<String> arguments = new ArrayList<>(fixed);
    arguments.addAll(Arrays.asList(options));
    return arguments;
  }

  private Outcome run(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(arguments);
    try {
      Path errors = Files.createTempFile("helm", ".err");
      try {
        Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), out, Files.readString(errors));
      } finally {
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static Optional<Path> find() {
    Stream<Path> onPath =
        Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, "helm"));
    return Stream.concat(onPath, besideTheApiServer()).filter(Files::isExecutable).findFirst();
  }

  private static Stream<Path> besideTheApiServer() {
    String chosen = System.getenv("KUBE_API_TEST_DIR");
    Path home =
        chosen == null ? Path.of(System.getProperty("user.home"), ".kubeapitest") : Path.of(chosen);
    Path versions = home.resolve("k8s");
    if (!Files.isDirectory(versions)) {
      return Stream.empty();
    }
    try (Stream<Path> folders = Files.list(versions)) {
      return folders
          .sorted(Comparator.reverseOrder())
          .map(f -> f.resolve("helm"))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
