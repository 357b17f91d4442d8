package io.pveha.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.HealthGuard;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.core.cluster.Belief;
import io.pveha.core.health.HealthRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page about health says what the code does. */
class HealthPageTest {

  private static final Path PAGE = Path.of("docs", "health.md");

  @Test
  void listsTheBuiltInRules() throws IOException {
    assertThat(table("## The rules"))
        .containsExactlyElementsOf(
            HealthRule.DEFAULTS.stream()
                .map(
                    rule ->
                        "| `%s` | %s | %d | %s |"
                            .formatted(
                                rule.condition(),
                                rule.status() == Belief.YES ? "True" : "False",
                                rule.lasting().toSeconds(),
                                word(rule.action())))
                .toList());
  }

  @Test
  void explainsEveryConditionAndEveryGuard() throws IOException {
    assertThat(firstColumn("## The conditions"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(NodeConditionType.values()).map(NodeConditionType::text).toList());
    assertThat(firstColumn("## What holds an action back"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(HealthGuard.values()).map(HealthPageTest::word).toList());
  }

  private static List<String> firstColumn(String heading) throws IOException {
    return table(heading).stream().map(row -> row.split("`")[1]).toList();
  }

  /** Rows of the table under a heading, without its head. */
  private static List<String> table(String heading) throws IOException {
    List<String> lines = Files.readAllLines(PAGE);
    return lines.stream()
        .skip(lines.indexOf(heading) + 1L)
        .takeWhile(line -> !line.startsWith("## "))
        .filter(line -> line.startsWith("| `"))
        .toList();
  }

  private static String word(Enum<?> constant) {
    return Arrays.stream(constant.name().split("_"))
        .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }
}
