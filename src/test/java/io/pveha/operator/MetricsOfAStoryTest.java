package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.contract.ApiSchema;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What Prometheus is served while a node is lost, and what is not. */
class MetricsOfAStoryTest {

  @Test
  void lossOfANodeShows() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      Scrape before = new Scrape(stage.scrape());

      stage.faults().power("node1", false);
      stage.pass(Duration.ofSeconds(100));
      Scrape during = new Scrape(stage.scrape());
      stage.pass(Duration.ofMinutes(5));
      Scrape after = new Scrape(stage.scrape());

      assertThat(before.value("pveha_cluster_quorate")).isEqualTo(1);
      assertThat(before.value("pveha_cluster_nodes_online")).isEqualTo(3);
      assertThat(before.value("pveha_cluster_incident_guests")).isZero();
      assertThat(before.value("pveha_objects", "kind", "HaResource\",.*ready=\"True")).isEqualTo(1);
      assertThat(before.has("pveha_node_condition", "node", "node1")).isFalse();
      assertThat(before.value("pveha_node_online", "node", "node1")).isEqualTo(1);
      assertThat(before.value("pveha_pool_size_bytes", "node", "node1")).isPositive();
      assertThat(during.value("pveha_cluster_quorate")).isEqualTo(1);
      assertThat(during.value("pveha_cluster_nodes_online")).isEqualTo(2);
      assertThat(during.value("pveha_cluster_incident_guests")).isEqualTo(1);
      assertThat(during.value("pveha_guest_failover_in_progress")).isEqualTo(1);
      assertThat(during.value("pveha_node_online", "node", "node1")).isZero();
      assertThat(during.value("pveha_node_condition", "type", "Member")).isEqualTo(1);
      assertThat(during.has("pveha_pool_size_bytes", "node", "node1"))
          .as("a figure that nobody knows is absent")
          .isFalse();
      assertThat(during.value("pveha_condition", "type", "FailingOver")).isEqualTo(1);
      assertThat(during.value("pveha_objects", "kind", "HaResource\",.*ready=\"False"))
          .isEqualTo(1);
      assertThat(during.value("pveha_replication_lag_seconds"))
          .as("ages grow between reports")
          .isBetween(100.0, 180.0);
      assertThat(after.value("pveha_cluster_incident_guests")).isZero();
      assertThat(after.has("pveha_guest_failover_in_progress")).isFalse();
      assertThat(after.has("pveha_condition", "type", "FailingOver")).isFalse();
      assertThat(after.value("pveha_guest_failovers_total", "cause", "NodeLost")).isEqualTo(1);
      assertThat(after.value("pveha_guest_last_outage_seconds")).isBetween(60.0, 240.0);
      assertThat(after.value("pveha_guest_info", "node", "node2")).isEqualTo(1);
      assertThat(after.has("pveha_guest_info", "node", "node1")).isFalse();
    }
  }

  /** As many series as Proxmox has calls, not as there are guests. */
  @Test
  void requestsAreCountedByCallsThatProxmoxHas() {
    ApiSchema schema = ApiSchema.of("9.1");
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();

      Set<String> endpoints = new Scrape(stage.scrape()).labels("endpoint");

      assertThat(endpoints)
          .hasSizeGreaterThan(20)
          .allMatch(call -> schema.call(call).isPresent() || ApiSchema.isBeyond(call));
    }
  }

  /** What is served in Prometheus' text format. */
  private record Scrape(String text) {

    double value(String name, String... label) {
      return values(name, label).entrySet().stream().findFirst().orElseThrow().getValue();
    }

    boolean has(String name, String... label) {
      return !values(name, label).isEmpty();
    }

    Set<String> labels(String label) {
      Set<String> values = new TreeSet<>();
      Matcher matcher = Pattern.compile(label + "=\"([^\"]*)\"").matcher(text);
      while (matcher.find()) {
        values.add(matcher.group(1));
      }
      return values;
    }

    private Map<String, Double> values(String name, String... label) {
      Pattern series =
          Pattern.compile(
              "^(%s\\{.*%s.*}) (\\S+)$"
                  .formatted(name, label.length == 0 ? "" : label[0] + "=\"" + label[1] + "\""),
              Pattern.MULTILINE);
      Map<String, Double> values = new java.util.TreeMap<>();
      Matcher matcher = series.matcher(text);
      while (matcher.find()) {
        values.put(matcher.group(1), Double.parseDouble(matcher.group(2)));
      }
      assertThat(values.size()).as(name + " in\n" + text).isLessThanOrEqualTo(1);
      return values;
    }
  }
}
