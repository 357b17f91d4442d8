package io.pveha.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The simulated Proxmox nodes, as a process of their own that is spoken to as anybody would. */
final class Simulator implements AutoCloseable {

  private static final Duration START_TIME = Duration.ofSeconds(30);

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
  private final ChildProcess process;
  private final JsonNode info;

  private Simulator(ChildProcess process, Path infoFile, Waiting waiting) {
    this.process = process;
    waiting.until("the simulator to start", START_TIME, process, () -> Files.exists(infoFile));
    this.info = read(infoFile);
  }

  static Simulator start(Story.Settings settings, Waiting waiting) {
    Path infoFile = settings.workDir().resolve("simulator.json");
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
    arguments.add("io.pveha.app.simulator.SimulatorMain");
    arguments.addAll(List.of("--bare", "--nodes", "3", "--pve", settings.version()));
    arguments.addAll(List.of("--speed", Double.toString(settings.speed())));
    arguments.addAll(List.of("--port", Integer.toString(settings.port())));
    arguments.addAll(List.of("--seed", Long.toString(settings.seed())));
    arguments.addAll(List.of("--info", infoFile.toString()));
    settings.record().ifPresent(file -> arguments.addAll(List.of("--record", file.toString())));
    return new Simulator(
        ChildProcess.java("simulator", settings.workDir(), Map.of(), arguments), infoFile, waiting);
  }

  /** What the simulator says of itself: nodes, credentials, addresses. */
  JsonNode info() {
    return info;
  }

  ChildProcess process() {
    return process;
  }

  /** Cuts a node off, or connects it again. */
  void network(String node, boolean on) {
    send(
        HttpRequest.newBuilder(admin("/nodes/" + node + "/network"))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    on ? "{\"value\": \"on\"}" : "{\"value\": \"off\"}")));
  }

  /** What really runs where, with the writes it holds. */
  JsonNode truth() {
    return send(HttpRequest.newBuilder(admin("/truth")).GET());
  }

  /** Each node's own view. */
  JsonNode state() {
    return send(HttpRequest.newBuilder(admin("/state")).GET());
  }

  private URI admin(String path) {
    return URI.create(info.path("admin").asText().replaceFirst("/$", "") + path);
  }

  private JsonNode send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          http.send(
              request.timeout(Duration.ofSeconds(5)).build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new DemoFailure("the simulator refused: " + response.body());
      }
      return json.readTree(response.body().isEmpty() ? "null" : response.body());
    } catch (IOException e) {
      throw new DemoFailure("the simulator does not answer: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoFailure("interrupted");
    }
  }

  private JsonNode read(Path file) {
    try {
      return json.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
