package io.pveha.operator.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.pveha.api.v1alpha1.ApiNames;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others say of nodes, in whatever form. */
class OutsideConditionsTest {

  private static final Instant NOW = Instant.parse("2026-01-05T08:00:00Z");
  private static final Set<String> NODES = Set.of("node1", "node2");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"type\": \"example.com/Hot\", \"status\": \"True\", \"message\": \"41 degrees\"}]",
        "{type: example.com/Hot, status: true, message: 41 degrees}",
        "- type: example.com/Hot\n  status: True\n  message: |\n    41\n    degrees\n"
      })
  void readsYamlAndJsonAlikeAndCountsFromTheFirstLook(String text) {
    OutsideConditions outside = OutsideConditions.of(List.of(map("rack", "node2", text)), NODES);

    assertThat(outside.problem()).isEmpty();
    assertThat(outside.beside("node1", List.of(), NOW)).isEmpty();
    assertThat(outside.beside("node2", List.of(), NOW))
        .singleElement()
        .matches(condition -> condition.getType().equals("example.com/Hot"))
        .matches(condition -> condition.getStatus().equals("True"))
        .matches(condition -> condition.getReason().equals("Unspecified"))
        .matches(condition -> condition.getMessage().strip().equals("41 degrees"))
        .matches(condition -> condition.getLastTransitionTime().equals(NOW.toString()));
    List<Condition> later =
        outside.beside("node2", outside.beside("node2", List.of(), NOW), NOW.plusSeconds(60));
    assertThat(later.get(0).getLastTransitionTime()).isEqualTo(NOW.toString());
  }

  @Test
  void takesTheTimeOfTheAuthorUnlessItIsYetToCome() {
    String since = "[{type: a.b/C, status: \"True\", lastTransitionTime: %s}]";
    Instant before = NOW.minus(Duration.ofHours(1));

    assertThat(read(since.formatted(before)).getLastTransitionTime()).isEqualTo(before.toString());
    assertThat(read(since.formatted("2026-01-05T08:30:00+01:00")).getLastTransitionTime())
        .isEqualTo("2026-01-05T07:30:00Z");
    assertThat(read(since.formatted(NOW.plusSeconds(5))).getLastTransitionTime())
        .isEqualTo(NOW.toString());
    assertThat(read(since.formatted("-999999999-01-01T00:00:00Z")).getLastTransitionTime())
        .isEqualTo(NOW.toString());
    assertThat(read(since.formatted("yesterday")).getLastTransitionTime())
        .isEqualTo(NOW.toString());
  }

  @Test
  void neverSpeaksForTheOperator() {
    OutsideConditions outside =
        OutsideConditions.of(
            List.of(map("rack", "node1", "[{type: PoolsUsable, status: \"False\"}]")), NODES);

    assertThat(outside.beside("node1", List.of(ours()), NOW)).containsExactly(ours());
    assertThat(outside.problem()).hasValueSatisfying(p -> assertThat(p).contains("domain"));
  }

  @Test
  void aRowThatSomebodyWroteToStatusGoes() {
    OutsideConditions none = OutsideConditions.of(List.of(), NODES);

    assertThat(none.beside("node1", List.of(ours(), hot("True")), NOW)).containsExactly(ours());
  }

  @Test
  void whatWasToldIsUnknownWhileItCannotBeRead() {
    OutsideConditions broken =
        OutsideConditions.of(List.of(map("rack", "node1", "[{type: example.com/Hot,")), NODES);

    assertThat(broken.beside("node1", List.of(hot("True")), NOW))
        .singleElement()
        .matches(condition -> condition.getStatus().equals("Unknown"))
        .matches(condition -> condition.getReason().equals("ConditionsUnreadable"));
    assertThat(broken.problem())
        .hasValueSatisfying(p -> assertThat(p).contains("ConfigMap rack, key node1"));
  }

  @Test
  void theFirstByNameSpeaksWhereTwoSayTheSame() {
    OutsideConditions outside =
        OutsideConditions.of(
            List.of(
                map("b", "node1", "{type: example.com/Hot, status: \"False\"}"),
                map("a", "node1", "{type: example.com/Hot, status: \"True\"}")),
            NODES);

    assertThat(outside.beside("node1", List.of(), NOW).get(0).getStatus()).isEqualTo("True");
    assertThat(outside.problem()).hasValueSatisfying(p -> assertThat(p).contains("ConfigMap a"));
  }

  @Test
  void namesANodeThatIsNone() {
    assertThat(OutsideConditions.of(List.of(map("rack", "node9", "[]")), NODES).problem())
        .hasValueSatisfying(p -> assertThat(p).contains("key node9"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "---",
        "null",
        "17",
        "\u0000",
        "hot",
        "[[[]]]",
        "[null, 1, true, {}, []]",
        "[{type: null, status: {}}]",
        "[{type: a.b/C, status: [], reason: {}, message: [1], lastTransitionTime: 99}]",
        "[{type: a.b/C, status: 1e999, message: 99999999999999999999999999}]",
        "*a",
        "a: &a [*a, *a]",
        "!!javax.script.ScriptEngineManager [x]",
        "{a: 1, a: 2}",
        "%YAML 9.9\n--- x",
        "\t- x"
      })
  void survivesAnything(String text) {
    assertThatCode(
            () -> {
              OutsideConditions outside =
                  OutsideConditions.of(List.of(map("rack", "node1", text)), NODES);
              outside.beside("node1", List.of(ours(), hot("True")), NOW);
              outside.problem();
            })
        .doesNotThrowAnyException();
  }

  @Test
  void survivesDepthAndLength() {
    survivesAnything("[".repeat(100_000));
    survivesAnything("- ".repeat(100_000));
    survivesAnything("{a: ".repeat(100_000));
    String many = "{type: a.b/C%d, status: \"True\", message: " + "x".repeat(3000) + "}";
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < 100; i++) {
      text.append(i == 0 ? "" : ", ").append(many.formatted(i));
    }

    OutsideConditions outside =
        OutsideConditions.of(List.of(map("rack", "node1", text + "]")), NODES);

    assertThat(outside.beside("node1", List.of(), NOW))
        .hasSize(32)
        .allMatch(condition -> condition.getMessage().length() <= 1024);
    assertThat(outside.problem().orElseThrow()).hasSizeLessThan(1000);
  }

  @Test
  void concernsTheClusterThatItsLabelNames() {
    assertThat(OutsideConditions.cluster(map("rack", "node1", "[]")))
        .containsExactly(new ResourceID("prod", "proxmox"));
    assertThat(
            OutsideConditions.cluster(
                new ConfigMapBuilder().withNewMetadata().withName("x").endMetadata().build()))
        .isEmpty();
  }

  private static Condition read(String text) {
    return OutsideConditions.of(List.of(map("rack", "node1", text)), NODES)
        .beside("node1", List.of(), NOW)
        .get(0);
  }

  private static Condition ours() {
    return new ConditionBuilder()
        .withType("PoolsUsable")
        .withStatus("True")
        .withReason("Healthy")
        .withMessage("All pools work.")
        .withLastTransitionTime("2026-01-05T07:00:00Z")
        .build();
  }

  private static Condition hot(String status) {
    return new ConditionBuilder(ours()).withType("example.com/Hot").withStatus(status).build();
  }

  private static ConfigMap map(String name, String node, String text) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("proxmox")
        .withLabels(Map.of(ApiNames.NODE_CONDITIONS, "prod"))
        .endMetadata()
        .withData(Map.of(node, text))
        .build();
  }
}
