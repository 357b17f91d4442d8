package io.pveha.packaging;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Runs programs as a person would. */
final class Shell {

  private Shell() {}

  /** What it printed; fails the test when it fails. */
  static String run(Map<String, String> environment, String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(String.join(" ", command) + " failed:\n" + said);
      }
      return said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } finally {
      process.destroy();
    }
  }
}
