package io.pveha.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/metrics.md}, the alert rules and the dashboard together. */
class MetricNamesTest {

  private static final Path RULES = Helm.CHART.resolve("files/rules.yaml");
  private static final Path DASHBOARD = Helm.CHART.resolve("files/dashboard.json");

  private static final Path HELP =
      Path.of("src/main/resources/io/pveha/operator/metrics/help.properties");

  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `(pveha_[a-z_]+)` \\| (gauge|counter|histogram|summary) \\|", Pattern.MULTILINE);
  private static final Pattern USED = Pattern.compile("\\bpveha_[a-z_]+");

  @Test
  void rulesUseOnlyMetricsThatAreDocumented() throws IOException {
    assertThat(series()).containsAll(used(RULES));
  }

  @Test
  void dashboardUsesOnlyMetricsThatAreDocumented() throws IOException {
    assertThat(series()).containsAll(used(DASHBOARD));
  }

  @Test
  void countersEndInTotalAndOtherNamesDoNot() throws IOException {
    Matcher row = ROW.matcher(Files.readString(Path.of("docs", "metrics.md")));
    while (row.find()) {
      assertThat(row.group(1).endsWith("_total"))
          .as(row.group(1))
          .isEqualTo(row.group(2).equals("counter"));
    }
  }

  /** Each line of the help reads as the page does, and none is forgotten. */
  @Test
  void helpTextsAreThoseOfThePage() throws IOException {
    Pattern row =
        Pattern.compile(
            "^\\| `(pveha_[a-z_]+)` \\| ([a-z]+) \\|.*\\| (.*) \\|$", Pattern.MULTILINE);
    Map<String, String> page = new TreeMap<>();
    Matcher rows = row.matcher(Files.readString(Path.of("docs", "metrics.md")));
    while (rows.find()) {
      page.put(
          rows.group(1).replaceFirst(suffix(rows.group(2)), "").replace('_', '.'),
          rows.group(3).replace("`", ""));
    }
    Properties help = new Properties();
    try (Reader file = Files.newBufferedReader(HELP)) {
      help.load(file);
    }

    assertThat(help).containsExactlyInAnyOrderEntriesOf(page);
  }

  @Test
  void everyAlertHasAPageAndEveryPageAnAlert() throws IOException {
    Set<String> alerts = new TreeSet<>();
    for (JsonNode group : Helm.objects(Files.readString(RULES)).get(0).path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        String name = rule.path("alert").asText();
        alerts.add(name);
        assertThat(rule.at("/annotations/runbook_url").asText())
            .isEqualTo("docs/alerts.md#" + name.toLowerCase());
        assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning");
      }
    }

    assertThat(Markdown.headings(Path.of("docs", "alerts.md"), 2))
        .containsExactlyInAnyOrderElementsOf(alerts);
  }

  /** What the Prometheus registry adds to the name of a meter. */
  private static String suffix(String type) {
    return switch (type) {
      case "counter" -> "_total$";
      case "histogram", "summary" -> "_seconds$";
      default -> "";
    };
  }

  /** What Prometheus sees of the documented metrics. */
  static Set<String> series() throws IOException {
    Set<String> series = new TreeSet<>();
    Matcher row = ROW.matcher(Files.readString(Path.of("docs", "metrics.md")));
    while (row.find()) {
      series.add(row.group(1));
      if (row.group(2).equals("histogram")) {
        series.add(row.group(1) + "_bucket");
      }
      if (row.group(2).equals("histogram") || row.group(2).equals("summary")) {
        series.add(row.group(1) + "_count");
        series.add(row.group(1) + "_sum");
        series.add(row.group(1) + "_max");
      }
    }
    assertThat(series).isNotEmpty();
    return series;
  }

  private static Set<String> used(Path file) throws IOException {
    Set<String> used = new TreeSet<>();
    Matcher name = USED.matcher(Files.readString(file));
    while (name.find()) {
      used.add(name.group());
    }
    assertThat(used).isNotEmpty();
    return used;
  }
}
