package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HealthAction;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Treatment;
import io.pveha.simulator.faults.Faults.Direction;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From a fault of a simulated node to its condition, and to what is decided about the node. */
class NodeHealthTest {

  /** The slowest lane of what guests die of, and the time of the round itself. */
  private static final Duration ONE_POLL = Duration.ofSeconds(7);

  private static final Duration ONE_SLOW_POLL = Duration.ofSeconds(17);

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void noticesWhatGuestsDieOfWithinOnePoll(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      assertThat(status(stage, NodeConditionType.POOLS_USABLE)).hasValue("True");
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.NODES_HEALTHY, "True")).isTrue();

      stage.faults().pool("node2", "tank", "DEGRADED");
      await(stage, NodeConditionType.POOLS_HEALTHY, "False", ONE_POLL);
      assertThat(status(stage, NodeConditionType.POOLS_USABLE)).hasValue("True");
      stage.faults().pool("node2", "tank", "ONLINE");
      await(stage, NodeConditionType.POOLS_HEALTHY, "True", ONE_POLL);

      stage.faults().service("node2", "pvescheduler", false);
      await(stage, NodeConditionType.SERVICES_HEALTHY, "False", ONE_POLL);
      stage.faults().service("node2", "pvescheduler", true);
      await(stage, NodeConditionType.SERVICES_HEALTHY, "True", ONE_POLL);

      stage.faults().link("node2", 0, false);
      await(stage, NodeConditionType.LINKS_UP, "False", ONE_SLOW_POLL);
      stage.faults().link("node2", 0, true);
      await(stage, NodeConditionType.LINKS_UP, "True", ONE_SLOW_POLL);

      stage.faults().clock("node2", Duration.ofSeconds(10));
      await(stage, NodeConditionType.TIME_IN_SYNC, "False", ONE_SLOW_POLL);
      assertThat(status(stage, NodeConditionType.AGENT_ALIVE)).hasValue("True");
      stage.faults().clock("node2", Duration.ZERO);
      await(stage, NodeConditionType.TIME_IN_SYNC, "True", ONE_SLOW_POLL);

      assertThat(treatments(stage)).isEmpty();
      assertThat(stage.failures()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void evacuatesANodeWhosePoolIsSuspendedAndUsesItAgain(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();

      stage.faults().pool("node2", "tank", "SUSPENDED");
      stage.until(
          "an evacuation of node2",
          () -> treatments(stage).stream().anyMatch(t -> t.action() == HealthAction.EVACUATE),
          ONE_POLL);

      assertThat(treatments(stage))
          .singleElement()
          .matches(treatment -> treatment.node().equals("node2"))
          .matches(treatment -> treatment.cause().equals("PoolsUsable"));
      assertThat(status(stage, NodeConditionType.CORDONED)).hasValue("True");
      assertThat(
              VirtualStage.isBecause(stage.cluster(), ConditionType.NODES_HEALTHY, "NodeUnhealthy"))
          .isTrue();
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.ACTION_HELD_BACK, "False"))
          .isTrue();

      stage.restartOperator();
      stage.pass(Duration.ofSeconds(60));
      assertThat(treatments(stage)).hasSize(1);

      stage.faults().pool("node2", "tank", "ONLINE");
      Duration waited =
          stage.until(
              "node2 to be used again",
              () -> treatments(stage).stream().allMatch(t -> t.action() == HealthAction.REPORT),
              Duration.ofMinutes(6));
      assertThat(waited).isGreaterThan(Duration.ofMinutes(5).minusSeconds(1));
      assertThat(status(stage, NodeConditionType.CORDONED)).hasValue("False");
      assertThat(events(stage, "Evacuate of node2 begins")).hasSize(1);
      assertThat(events(stage, "PoolsUsable is False")).hasSize(1);
      assertThat(events(stage, "used again")).hasSize(1);
      assertThat(stage.failures()).isEmpty();
    }
  }

  @Test
  void holdsBackWhenTwoOfThreeDegradeAtOnce() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();

      stage.faults().pool("node2", "tank", "SUSPENDED");
      stage.faults().pool("node3", "tank", "SUSPENDED");
      stage.pass(Duration.ofMinutes(20));

      assertThat(treatments(stage)).isEmpty();
      assertThat(
              VirtualStage.isBecause(stage.cluster(), ConditionType.ACTION_HELD_BACK, "GuardHolds"))
          .isTrue();
      assertThat(events(stage, "is held back by"))
          .as("one for the storm of both, one each for the guard that came after")
          .hasSizeLessThan(5);
    }
  }

  @Test
  void actsOnceOnAFlappingPoolAndWritesNoStatusForNothing() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();

      for (int flap = 0; flap < 180; flap++) {
        stage.faults().pool("node2", "tank", flap % 2 == 0 ? "SUSPENDED" : "ONLINE");
        stage.pass(Duration.ofSeconds(20));
      }

      assertThat(events(stage, "Evacuate of node2 begins")).hasSize(1);
      assertThat(treatments(stage)).hasSize(1);
    }
  }

  @Test
  void writesNothingWhileNothingChanges() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.manifests().secrets();
      // Without guests, whose recovery points go on.
      stage.apply(stage.manifests().clusterYaml("Adopt", "simulated"));
      stage.pass(Duration.ofMinutes(6));
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.NODES_HEALTHY, "True")).isTrue();
      String before = stage.cluster().getMetadata().getResourceVersion();

      stage.pass(Duration.ofMinutes(10));

      assertThat(stage.cluster().getMetadata().getResourceVersion()).isEqualTo(before);
    }
  }

  @Test
  void doesNothingWhenItLosesItsOwnNetwork() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();

      stage.cutOperatorOff(true);
      stage.pass(Duration.ofMinutes(5));
      assertThat(status(stage, NodeConditionType.REACHABLE)).hasValue("False");
      assertThat(status(stage, NodeConditionType.POOLS_USABLE)).hasValue("Unknown");
      stage.faults().pool("node2", "tank", "SUSPENDED");
      stage.cutOperatorOff(false);
      stage.pass(Duration.ofSeconds(30));

      assertThat(treatments(stage)).isEmpty();
    }
  }

  @Test
  void aMemberThatIsCutOffFromUsOnlyIsAskedThroughAnother() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();

      stage.faults().network("node3", Direction.BOTH, false);
      stage.until(
          "node3 to be offline",
          () -> status(stage, "node3", NodeConditionType.MEMBER).equals(Optional.of("False")),
          Duration.ofMinutes(1));
      stage.pass(Duration.ofMinutes(2));

      assertThat(status(stage, "node3", NodeConditionType.POOLS_USABLE)).hasValue("Unknown");
      assertThat(treatments(stage)).isEmpty();
    }
  }

  @Test
  void followsWhatAConfigMapSaysAndNothingThatOthersWriteToStatus() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.apply(
          stage
              .manifests()
              .clusterYaml("Adopt", "simulated")
              .concat(
                  """
                    health:
                      rules:
                        - {condition: example.com/Hot, status: "True", action: Cordon}
                  """));
      stage.awaitReference();

      ProxmoxCluster cluster = stage.cluster();
      cluster.setStatus(withHot(cluster.reported()));
      stage.client.resource(cluster).updateStatus();
      stage.pass(Duration.ofMinutes(2));
      assertThat(treatments(stage)).as("a row in status is nobody's word").isEmpty();
      assertThat(hot(stage)).isEmpty();

      stage.apply(rackMonitor("[{type: example.com/Hot, status: True, message: rack 4 is hot}]"));
      stage.until(
          "node2 to be cordoned",
          () -> treatments(stage).stream().anyMatch(t -> t.action() == HealthAction.CORDON),
          Duration.ofSeconds(2));
      assertThat(hot(stage)).singleElement().matches(c -> c.getStatus().equals("True"));
      assertThat(VirtualStage.condition(stage.cluster(), ConditionType.NODES_HEALTHY).orElseThrow())
          .matches(condition -> condition.getReason().equals(ConditionReason.NODE_UNHEALTHY.text()))
          .matches(condition -> condition.getMessage().contains("rack 4 is hot"));

      stage.apply(rackMonitor("[{type: example.com/Hot, status: "));
      stage.pass(Duration.ofMinutes(10));
      assertThat(treatments(stage)).as("what can't be read is not well").hasSize(1);
      assertThat(hot(stage)).singleElement().matches(c -> c.getStatus().equals("Unknown"));
      assertThat(
              VirtualStage.isBecause(
                  stage.cluster(), ConditionType.NODES_HEALTHY, "ConditionsUnreadable"))
          .isTrue();
      assertThat(events(stage, "ConfigMap rack-monitor, key node2")).hasSize(1);

      stage.apply(rackMonitor("[]"));
      stage.until(
          "node2 to be used again",
          () -> treatments(stage).stream().noneMatch(t -> t.action() == HealthAction.CORDON),
          Duration.ofMinutes(6));
      assertThat(hot(stage)).isEmpty();
      assertThat(stage.failures()).allMatch(failure -> failure.contains("retry"));
    }
  }

  private static String rackMonitor(String conditions) {
    return """
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: rack-monitor
      labels: {pveha.io/node-conditions: %s}
    data:
      node2: '%s'
    """
        .formatted("reference", conditions);
  }

  private static List<Condition> hot(VirtualStage stage) {
    return conditions(stage, "node2").stream()
        .filter(condition -> condition.getType().equals("example.com/Hot"))
        .toList();
  }

  private static ProxmoxClusterStatus withHot(ProxmoxClusterStatus status) {
    Condition hot =
        new ConditionBuilder()
            .withType("example.com/Hot")
            .withStatus("True")
            .withReason("Overheated")
            .withMessage("rack 4 is hot")
            .withLastTransitionTime(VirtualStage.START.toString())
            .build();
    return status.withNodes(
        status.nodes().stream()
            .map(
                node -> {
                  if (!node.name().equals("node2")) {
                    return node;
                  }
                  List<Condition> all = new ArrayList<>(node.conditions());
                  all.add(hot);
                  return node.withConditions(all);
                })
            .toList());
  }

  private static void await(
      VirtualStage stage, NodeConditionType type, String wanted, Duration limit) {
    stage.until(
        "%s of node2 to be %s".formatted(type, wanted),
        () -> status(stage, type).equals(Optional.of(wanted)),
        limit);
  }

  private static Optional<String> status(VirtualStage stage, NodeConditionType type) {
    return status(stage, "node2", type);
  }

  private static Optional<String> status(VirtualStage stage, String node, NodeConditionType type) {
    return conditions(stage, node).stream()
        .filter(condition -> condition.getType().equals(type.text()))
        .map(Condition::getStatus)
        .findFirst();
  }

  private static List<Condition> conditions(VirtualStage stage, String node) {
    return stage.cluster().reported().node(node).orElseThrow().conditions();
  }

  private static List<Treatment> treatments(VirtualStage stage) {
    return Stream.ofNullable(stage.cluster().reported().health())
        .flatMap(health -> health.nodes().stream())
        .toList();
  }

  private static List<Event> events(VirtualStage stage, String words) {
    return stage.events().stream().filter(event -> event.getMessage().contains(words)).toList();
  }
}
