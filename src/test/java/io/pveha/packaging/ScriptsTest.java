package io.pveha.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The shell scripts and the alert rules, before the programs that judge them, where they are. */
class ScriptsTest {

  @Test
  void shellCheckFindsNothing() throws IOException {
    onlyWith("shellcheck");
    List<String> command = new ArrayList<>(List.of("shellcheck", "-x", "-P", "bin"));
    for (String folder : List.of("bin", ".ci")) {
      try (Stream<Path> files = Files.list(Path.of(folder))) {
        files
            .filter(Files::isExecutable)
            .filter(Files::isRegularFile)
            .sorted()
            .forEach(file -> command.add(file.toString()));
      }
    }

    assertThat(Shell.run(Map.of(), command.toArray(String[]::new))).isEmpty();
  }

  @Test
  void promtoolTakesTheRules() throws IOException {
    onlyWith("promtool");

    assertThat(
            Shell.run(
                Map.of(),
                "promtool",
                "check",
                "rules",
                Helm.CHART.resolve("files/rules.yaml").toString()))
        .contains("SUCCESS");
  }

  @Test
  void alertsFireWhenTheyShould() throws IOException {
    onlyWith("promtool");

    Shell.run(Map.of(), "promtool", "test", "rules", "src/test/resources/alerts/alerts.yaml");
  }

  /** Names, types and help texts by convention, where promtool is there to judge. */
  static void promtoolTakesTheMetrics(String scrape) throws IOException {
    if (isThere("promtool")) {
      // What the libraries around us serve is theirs.
      String ours =
          scrape
              .lines()
              .filter(line -> line.matches("(# (HELP|TYPE) )?pveha_.*"))
              .collect(Collectors.joining("\n", "", "\n"));
      Path file = Files.createTempFile("scrape", ".txt");
      Files.writeString(file, ours);
      Shell.run(Map.of(), "sh", "-c", "promtool check metrics <" + file);
      Files.delete(file);
    }
  }

  private static void onlyWith(String program) {
    Assumptions.assumeTrue(isThere(program), program + " is not there");
  }

  private static boolean isThere(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
