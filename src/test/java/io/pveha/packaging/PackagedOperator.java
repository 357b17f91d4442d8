package io.pveha.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The packaged operator in a process of its own, with the environment that the chart gives it; with
 * {@code PVEHA_OPERATOR_CONTAINER} from the image that {@code .ci/image} built.
 */
final class PackagedOperator implements AutoCloseable {

  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

  /** Name of a buildah container of our image: then that is run instead of the packaged files. */
  private static final String CONTAINER = "PVEHA_OPERATOR_CONTAINER";

  private static final Pattern ADDRESS = Pattern.compile("Listening on: http://127.0.0.1:(\\d+)");

  /** The last one in the Dockerfile is that of the operator. */
  private static final Pattern OPTIONS =
      Pattern.compile("^ENV JAVA_TOOL_OPTIONS=\"(.*)\"$", Pattern.MULTILINE);

  private final Process process;
  private final Path log;

  private PackagedOperator(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a replica.
   *
   * @param pod its name
   * @param environment beside that of this process
   */
  static PackagedOperator start(
      String pod, Path kubeconfig, Path folder, Map<String, String> environment)
      throws IOException {
    Path log = folder.resolve(pod + ".log");
    Map<String, String> all = new TreeMap<>(environment);
    all.put("KUBECONFIG", kubeconfig.toString());
    all.put("POD_NAME", pod);
    all.put("QUARKUS_HTTP_PORT", "0");
    all.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    all.put("PVEHA_POLL_FAST", "PT0.5S");
    all.put("PVEHA_POLL_SLOW", "PT1S");
    // Java's choice of a heap depends on it: that of the chart's pod.
    all.put("JDK_JAVA_OPTIONS", "-XX:MaxRAM=" + memoryLimit());
    ProcessBuilder builder =
        new ProcessBuilder(command(folder, all))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAVA_TOOL_OPTIONS", optionsOfTheImage());
    builder.environment().putAll(all);
    return new PackagedOperator(builder.start(), log);
  }

  private static String memoryLimit() throws IOException {
    return Helm.objects(Files.readString(Helm.CHART.resolve("values.yaml")))
        .get(0)
        .at("/resources/limits/memory")
        .asText()
        .replace("Mi", "m");
  }

  private static String optionsOfTheImage() throws IOException {
    Matcher options = OPTIONS.matcher(Files.readString(Path.of("Dockerfile")));
    String last = "";
    while (options.find()) {
      last = options.group(1);
    }
    return last;
  }

  private static List<String> command(Path folder, Map<String, String> environment)
      throws IOException {
    String container = System.getenv(CONTAINER);
    if (container == null) {
      return List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-jar",
          JAR.toAbsolutePath().toString());
    }
    // The image's user is another one, and is to read the kubeconfig.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> command = new ArrayList<>(List.of("buildah", "run", "--isolation", "chroot"));
    command.addAll(List.of("-v", folder + ":" + folder));
    environment.forEach((name, value) -> command.addAll(List.of("--env", name + "=" + value)));
    command.addAll(List.of(container, "--", "java", "-jar", "/app/quarkus-run.jar"));
    return command;
  }

  /** Everything it logged. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What Quarkus says about its start. */
  String startLine() {
    return log().lines().filter(line -> line.contains(" started in ")).findFirst().orElse("");
  }

  /** What its threads have used so far; on a busy machine it says more than the wall clock. */
  Duration processorTime() {
    return java().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** The process itself, or what the one that runs the image has started in the end. */
  private ProcessHandle java() {
    return process
        .descendants()
        .filter(child -> child.info().command().orElse("").endsWith("/java"))
        .findFirst()
        .orElse(process.toHandle());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Its resident memory in bytes, as Linux counts it. */
  Optional<Long> residentMemory() {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(java().pid()), "status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst();
    } catch (IOException notLinux) {
      return Optional.empty();
    }
  }

  /** What its HTTP server answers, or nothing while it does not. */
  Optional<String> get(String path) {
    Matcher address = ADDRESS.matcher(log());
    if (!address.find()) {
      return Optional.empty();
    }
    URI uri = URI.create("http://127.0.0.1:" + address.group(1) + path);
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  // Else metrics come as OpenMetrics.
                  HttpRequest.newBuilder(uri).header("Accept", "text/plain").build(),
                  HttpResponse.BodyHandlers.ofString());
      return Optional.of(response.body());
    } catch (IOException notYet) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** As {@code kill -9}. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** As Kubernetes ends a pod: SIGTERM, and in the end SIGKILL, which is a defect. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        kill();
        throw new AssertionError("the operator does not end when told to; its log:\n" + log());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      kill();
    }
  }
}
