package io.pveha.app.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM that the demo starts, watches and ends; its output goes to a log file. */
final class ChildProcess implements AutoCloseable {

  private static final long GRACE_SECONDS = 5;

  private final String name;
  private final Path log;
  private final Process process;

  private ChildProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts {@code java} with these arguments.
   *
   * @param environment added to the environment of this process
   */
  static ChildProcess java(
      String name, Path workDir, Map<String, String> environment, List<String> arguments) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path log = workDir.resolve(name + ".log");
    ProcessBuilder builder = new ProcessBuilder(java.toString());
    builder.command().addAll(arguments);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    try {
      ChildProcess child = new ChildProcess(name, log, builder.start());
      Runtime.getRuntime().addShutdownHook(new Thread(child::close, "end-" + name));
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the " + name, e);
    }
  }

  Path log() {
    return log;
  }

  /**
   * Ends a wait for something that a dead process can't bring about.
   *
   * @throws DemoFailure when the process is gone, with the end of its log
   */
  void mustLive() {
    if (!process.isAlive()) {
      throw new DemoFailure(
          "the %s ended with status %d; the end of %s:%n%s"
              .formatted(name, process.exitValue(), log, tail()));
    }
  }

  /** Ends it at once and without warning, as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The last lines of the log, for a message. */
  String tail() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    } catch (IOException unreadable) {
      return "(no log)";
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
