package io.pveha.app.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pveha.rehearsal.Rehearsal;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Where scenario documents are, and how one is played for a comparison. */
public final class ScenarioFiles {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ScenarioFiles() {}

  /** The shared scenarios; without them the test is skipped, unless they are insisted on. */
  public static Path sharedFolder() {
    String shared = System.getenv().getOrDefault("PVEHA_SHARED", "../shared");
    Path folder = Path.of(shared, "ha-model", "scenarios");
    boolean required =
        Boolean.getBoolean("pveha.requireShared") || "true".equals(System.getenv("CI"));
    if (required) {
      assertThat(folder).as("shared scenarios are required").isDirectory();
    }
    Assumptions.assumeTrue(Files.isDirectory(folder), "no shared scenarios at " + folder);
    return folder;
  }

  /** Our own scenarios. */
  public static Path ownFolder() {
    return Path.of("src", "test", "resources", "ha-scenarios");
  }

  /** Documents of a folder by name. */
  public static List<Path> in(Path folder, String glob) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, glob)) {
      stream.forEach(files::add);
    } catch (IOException e) {
      throw new IllegalStateException("can't list " + folder, e);
    }
    files.sort(null);
    return files;
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException("can't read " + file, e);
    }
  }

  static JsonNode json(Path file) {
    try {
      return JSON.readTree(text(file));
    } catch (IOException e) {
      throw new IllegalStateException("can't read " + file, e);
    }
  }

  /** What the model makes of a document, as read back from what {@code bin/rehearse} writes. */
  static List<JsonNode> play(Path file) {
    List<JsonNode> events = new ArrayList<>();
    String lines = EventWriter.lines(Rehearsal.play(ScenarioReader.read(text(file))));
    try {
      for (String line : lines.split("\n")) {
        events.add(JSON.readTree(line));
      }
    } catch (IOException e) {
      throw new IllegalStateException("unreadable event", e);
    }
    return events;
  }

  static List<JsonNode> expected(JsonNode document) {
    List<JsonNode> events = new ArrayList<>();
    document.path("expected").forEach(events::add);
    return events;
  }
}
