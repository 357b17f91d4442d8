package io.pveha.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is generated and committed; {@code -Dpveha.update=true} writes it anew. */
public final class CommittedFile {

  private static final String UPDATE = "pveha.update";

  private CommittedFile() {}

  public static void isUpToDate(Path file, String generated) throws IOException {
    if (Boolean.getBoolean(UPDATE)) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, generated);
    }
    assertThat(Files.exists(file) ? Files.readString(file) : "")
        .as("%s is behind its source; run the test with -D%s=true and commit", file, UPDATE)
        .isEqualTo(generated);
  }
}
