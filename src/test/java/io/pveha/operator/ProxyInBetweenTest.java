package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.simulator.machine.ApiFault;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a proxy or firewall answers in a node's place blames neither the Secret nor privileges. */
class ProxyInBetweenTest {

  private static final Duration SOON = Duration.ofMinutes(1);
  private static final Map<Integer, String> PAGES =
      Map.of(302, "302 Found", 401, "401 Unauthorized", 403, "403 Forbidden");

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void isToldAsSuchOfEachNode(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      int before = stage.writes().size();

      PAGES.forEach(
          (status, words) -> {
            pages(stage, status);
            stage.until(
                "it is told of " + status,
                () ->
                    VirtualStage.condition(stage.cluster(), ConditionType.CONNECTED)
                        .filter(told -> told.getMessage().contains(words))
                        .isPresent(),
                SOON);

            assertThat(VirtualStage.condition(stage.cluster(), ConditionType.CONNECTED))
                .hasValueSatisfying(
                    told -> {
                      assertThat(told.getStatus()).isEqualTo("False");
                      assertThat(told.getReason()).isEqualTo("NotProxmox");
                      assertThat(told.getMessage())
                          .contains("a proxy or firewall in between answered with a")
                          .doesNotContain("Secret", "privilege");
                    });
            stage
                .info()
                .nodes()
                .forEach(
                    node ->
                        assertThat(stage.condition(node.name(), NodeConditionType.REACHABLE))
                            .hasValueSatisfying(
                                told -> {
                                  assertThat(told.getStatus()).isEqualTo("Unknown");
                                  assertThat(told.getReason()).isEqualTo("NotProxmox");
                                  assertThat(told.getMessage())
                                      .contains("The server at the address of " + node.name())
                                      .contains("proxy or firewall");
                                }));
          });
      assertThat(stage.writes()).hasSize(before);

      stage.info().nodes().forEach(node -> stage.faults().api(node.name(), ApiFault.NONE));
      stage.awaitReference();
      assertThat(stage.writes()).hasSize(before);
    }
  }

  /** The others see it, and are believed. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void ofOneNodeIsToldOfThatNode(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();

      stage.faults().api("node2", new ApiFault(ApiFault.Kind.HTML, Duration.ZERO, 403));
      stage.until(
          "it is told", () -> stage.is("node2", NodeConditionType.REACHABLE, "Unknown"), SOON);

      assertThat(stage.condition("node2", NodeConditionType.REACHABLE))
          .hasValueSatisfying(told -> assertThat(told.getReason()).isEqualTo("NotProxmox"));
      assertThat(stage.is("node1", NodeConditionType.REACHABLE, "True")).isTrue();
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.CONNECTED, "True")).isTrue();
    }
  }

  private static void pages(VirtualStage stage, int status) {
    ApiFault page = new ApiFault(ApiFault.Kind.HTML, Duration.ZERO, status);
    stage.info().nodes().forEach(node -> stage.faults().api(node.name(), page));
  }
}
