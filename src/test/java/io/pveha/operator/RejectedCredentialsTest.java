package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.proxmox.ApiRequest;
import io.pveha.simulator.machine.ApiFault;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Proxmox takes three seconds to refuse a token, as long as a dead node takes to be found out; all
 * the same a refused token is told as such, and is no reason to treat any node.
 */
class RejectedCredentialsTest {

  private static final String TOKEN = "/access/users/operator@pve/token/pveha";

  /** As touchy as rules can be. */
  private static final String TOUCHY =
      """
      health:
        minHealthy: 1
        stormCooldownSeconds: 0
        rules:
          - {condition: Reachable, status: 'False', forSeconds: 5, action: Evacuate}
          - {condition: Reachable, status: Unknown, forSeconds: 5, action: Evacuate}
          - {condition: Member, status: Unknown, forSeconds: 5, action: Cordon}
          - {condition: PoolsUsable, status: Unknown, forSeconds: 5, action: Fence}
      """;

  @ParameterizedTest
  @EnumSource(names = {"V8_3", "V9_1"})
  void areToldAtOnceAndSteadilyAndNoNodeIsTreated(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference(TOUCHY);
      stage.awaitReference();
      stage.pass(Duration.ofMinutes(3));
      int writes = stage.writes().size();
      int told = stage.events().size();
      Set<String> connected = new LinkedHashSet<>();
      Set<String> nodes = new LinkedHashSet<>();
      stage.around(
          write -> {},
          write -> {},
          () -> {
            connected.add(connected(stage));
            nodes.addAll(conditionsOfNodes(stage));
          });

      new ByHand(stage).on("node1").call(ApiRequest.delete(TOKEN));
      Duration until =
          stage.until(
              "the refusal",
              () -> connected(stage).equals("False CredentialsRejected"),
              Duration.ofMinutes(1));
      stage.pass(Duration.ofMinutes(6));

      assertThat(until).isLessThan(Duration.ofSeconds(10));
      assertThat(connected).containsExactly("False CredentialsRejected");
      assertThat(VirtualStage.condition(stage.cluster(), ConditionType.CONNECTED))
          .map(Condition::getMessage)
          .hasValueSatisfying(
              message -> assertThat(message).contains("spec.credentialsSecretRef", "refused"));
      assertThat(nodes).noneMatch(condition -> condition.contains("Reachable=False"));
      assertThat(nodes).noneMatch(condition -> condition.contains("Cordoned=True"));
      assertThat(stage.cluster().reported().health()).isNull();
      assertThat(stage.writes()).as("writes").hasSize(writes);
      assertThat(eventsOfCluster(stage, told)).as("%s", eventsOfCluster(stage, told)).hasSize(1);

      giveNewToken(stage);
      stage.until(
          "the new token",
          () -> connected(stage).equals("True Healthy") && isWell(stage),
          Duration.ofMinutes(1));
    }
  }

  /** As a node has it whose cluster file system does not follow the others. */
  @Test
  void ofOneNodeAreToldOfThatNodeAndItIsNotTreated() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference(TOUCHY);
      stage.awaitReference();
      int writes = stage.writes().size();

      stage.faults().api("node1", new ApiFault(ApiFault.Kind.FAILING, Duration.ZERO, 401));
      stage.pass(Duration.ofMinutes(1));

      assertThat(stage.condition("node1", NodeConditionType.REACHABLE))
          .hasValueSatisfying(
              condition -> {
                assertThat(condition.getStatus()).isEqualTo("Unknown");
                assertThat(condition.getReason()).isEqualTo("CredentialsRejected");
                assertThat(condition.getMessage())
                    .contains("node1")
                    .doesNotContain("does not answer", "power");
              });
      assertThat(VirtualStage.condition(stage.cluster(), ConditionType.NODES_HEALTHY))
          .hasValueSatisfying(
              condition -> {
                assertThat(condition.getStatus()).as("%s", condition).isEqualTo("Unknown");
                assertThat(condition.getReason()).isEqualTo("CredentialsRejected");
              });
      stage.pass(Duration.ofMinutes(6));
      assertThat(stage.is("node1", NodeConditionType.CORDONED, "False")).isTrue();
      assertThat(stage.cluster().reported().health()).isNull();
      assertThat(stage.writes()).as("writes").hasSize(writes);
    }
  }

  private static void giveNewToken(VirtualStage stage) {
    String secret =
        new ByHand(stage)
            .on("node1")
            .call(ApiRequest.post(TOKEN).with("privsep", 0))
            .path("value")
            .asText();
    stage
        .manifests()
        .secret("token", Map.of("tokenId", stage.info().tokenId(), "tokenSecret", secret));
  }

  private static boolean isWell(VirtualStage stage) {
    return VirtualStage.is(stage.cluster(), ConditionType.READY, "True")
        && VirtualStage.is(stage.guest(), ConditionType.READY, "True");
  }

  private static String connected(VirtualStage stage) {
    return VirtualStage.condition(stage.cluster(), ConditionType.CONNECTED)
        .map(condition -> condition.getStatus() + " " + condition.getReason())
        .orElse("-");
  }

  private static List<String> conditionsOfNodes(VirtualStage stage) {
    return stage.cluster().reported().nodes().stream()
        .flatMap(
            node ->
                node.conditions().stream()
                    .map(c -> "%s %s=%s".formatted(node.name(), c.getType(), c.getStatus())))
        .toList();
  }

  private static List<String> eventsOfCluster(VirtualStage stage, int from) {
    List<Event> events = stage.events();
    return events.subList(from, events.size()).stream()
        .filter(event -> event.getInvolvedObject().getKind().equals("ProxmoxCluster"))
        .map(event -> event.getReason() + ": " + event.getMessage())
        .collect(Collectors.toList());
  }
}
