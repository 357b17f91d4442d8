package io.pveha.packaging;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pveha.simulator.api.SimulatorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A program of ours that runs beside a test, as a person or a kubelet would start it. */
final class Program implements AutoCloseable {

  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final Process process;
  private final Path log;

  private Program(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts a program; what it says goes to a file of its name. */
  static Program start(String name, Path folder, Map<String, String> environment, String... command)
      throws IOException {
    Path log = folder.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return new Program(builder.start(), log);
  }

  /** Starts {@code bin/simulator}, on ports that are free, with {@code info.json} in the folder. */
  static Program simulator(Path folder, String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of("bin/simulator"));
    command.addAll(Arrays.asList(options));
    command.addAll(List.of("--port", "0", "--info", folder.resolve("info.json").toString()));
    return start("simulator", folder, Map.of(), command.toArray(String[]::new));
  }

  /** What the simulator of this folder told, once it is there. */
  SimulatorInfo info(Path folder) throws IOException {
    Path file = folder.resolve("info.json");
    Awaitility.await("the simulator")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(100))
        .failFast("it ended; see " + log, () -> !process.isAlive())
        .until(() -> Files.exists(file));
    return JSON.readValue(file.toFile(), SimulatorInfo.class);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
