package io.pveha.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code crds/} and the records together. */
class CrdFilesTest {

  private static final Path FOLDER = Path.of("crds");
  private static final String UPDATE = "pveha.updateCrds";

  @Test
  void filesAreThoseGeneratedFromTheRecords() throws IOException {
    Map<String, String> generated = CrdFiles.generate();
    if (Boolean.getBoolean(UPDATE)) {
      write(generated);
    }

    Map<String, String> committed = read();

    assertThat(committed)
        .as("crds/ is behind the records; run with -D%s=true and commit what changed", UPDATE)
        .isEqualTo(generated);
  }

  private static void write(Map<String, String> files) throws IOException {
    Files.createDirectories(FOLDER);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(FOLDER.resolve(file.getKey()), file.getValue());
    }
  }

  private static Map<String, String> read() throws IOException {
    Map<String, String> files = new TreeMap<>();
    if (Files.isDirectory(FOLDER)) {
      try (Stream<Path> found = Files.list(FOLDER)) {
        for (Path file : found.toList()) {
          files.put(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    return files;
  }
}
