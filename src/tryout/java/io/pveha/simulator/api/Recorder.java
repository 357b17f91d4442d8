package io.pveha.simulator.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes each request and its answer as one line of JSON: {@code method}, {@code path} below {@code
 * /api2/json}, {@code params}, {@code status}, {@code response}, and {@code node}. Secrets are
 * blanked.
 */
final class Recorder implements AutoCloseable {

  private static final String BLANK = "***";
  private static final Set<String> SECRET_PARAMS =
      Set.of("password", "cipassword", "encryption-key", "confirmation-password");
  private static final Set<String> SECRET_ANSWERS = Set.of("ticket", "CSRFPreventionToken");

  private final Writer out;

  private Recorder(Writer out) {
    this.out = out;
  }

  /** Writes nothing. */
  static Recorder none() {
    return new Recorder(null);
  }

  /**
   * Writes into this file, which is recreated.
   *
   * @throws UncheckedIOException when it can't be written
   */
  static Recorder into(Path file) {
    try {
      return new Recorder(Files.newBufferedWriter(file));
    } catch (IOException failed) {
      throw new UncheckedIOException("can't write " + file + ": " + failed.getMessage(), failed);
    }
  }

  void record(String node, String method, String path, Map<String, String> params, Answer answer) {
    if (out == null) {
      return;
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("method", method);
    line.put("path", path);
    Map<String, String> shown = new TreeMap<>(params);
    SECRET_PARAMS.forEach(name -> shown.computeIfPresent(name, (key, value) -> BLANK));
    line.put("params", shown);
    line.put("status", answer.status());
    line.put("response", shown(path, answer));
    line.put("node", node);
    write(Json.perl(line));
  }

  private static Map<String, Object> shown(String path, Answer answer) {
    Map<String, Object> body = answer.body();
    if (answer.data() instanceof Map<?, ?> data && path.startsWith("/access/")) {
      Map<Object, Object> blanked = new LinkedHashMap<>(data);
      SECRET_ANSWERS.forEach(name -> blanked.computeIfPresent(name, (key, value) -> BLANK));
      if (path.contains("/token/")) {
        blanked.computeIfPresent("value", (key, value) -> BLANK);
      }
      body.put("data", blanked);
    }
    return body;
  }

  private synchronized void write(String line) {
    try {
      out.write(line);
      out.write('\n');
      out.flush();
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
  }

  @Override
  public synchronized void close() {
    if (out != null) {
      try {
        out.close();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }
}
