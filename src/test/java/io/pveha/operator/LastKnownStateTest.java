package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was last known stands until it is looked at again, and no longer than it can be true. */
class LastKnownStateTest {

  private VirtualStage stage;

  @BeforeEach
  void quietCluster() {
    stage = VirtualStage.of(PveVersion.V9_1);
    stage.applyReference();
    stage.awaitReference();
    stage.pass(Duration.ofMinutes(3));
  }

  @AfterEach
  void end() {
    stage.close();
  }

  @Test
  void standsWhenTheOperatorIsRestartedAndNothingIsTold() {
    stage.faults().pool("node3", "tank", "DEGRADED");
    stage.pass(Duration.ofMinutes(1));
    Set<String> before = conditions();
    int told = stage.events().size();
    Set<String> seen = new LinkedHashSet<>();
    stage.around(write -> {}, write -> {}, () -> seen.addAll(conditions()));

    stage.restartOperator();
    stage.pass(Duration.ofMinutes(2));

    assertThat(seen).isSubsetOf(before);
    assertThat(texts(told)).isEmpty();
  }

  @Test
  void turnsUnknownWhenNobodyCanBeAskedAndOneEventPerObjectSaysSo() {
    awaitReplication();
    int told = stage.events().size();
    stage.cutOperatorOff(true);
    stage.pass(Duration.ofSeconds(45));

    HaResource guest = stage.guest();
    assertThat(statuses(guest, ConditionType.IN_REQUESTED_STATE, ConditionType.MANAGED))
        .as(stage.table())
        .containsOnly("Unknown");
    assertThat(statuses(guest, ConditionType.PLACED, ConditionType.FAILING_OVER))
        .containsOnly("Unknown");
    assertThat(statuses(stage.pool(), ConditionType.POOLS_HEALTHY, ConditionType.STORAGE_READY))
        .containsOnly("Unknown");
    assertThat(statuses(stage.cluster(), ConditionType.QUORATE, ConditionType.VOTES_SOUND))
        .containsOnly("Unknown");
    assertThat(statuses(stage.cluster(), ConditionType.NODES_HEALTHY, ConditionType.FAILOVER_READY))
        .containsOnly("Unknown");
    assertThat(stage.cluster().reported().quorum().quorate()).isNull();
    assertThat(stage.cluster().reported().nodesOnline()).isEqualTo("?/3");
    assertThat(message(stage.cluster(), ConditionType.CONNECTED))
        .contains("node1", "node2", "node3");
    for (HasMetadata object : List.of(guest, stage.pool(), stage.replication())) {
      assertThat(tellingOf(object, told)).as(texts(told).toString()).hasSize(1);
    }

    stage.cutOperatorOff(false);
    told = stage.events().size();
    stage.pass(Duration.ofSeconds(45));

    assertThat(statuses(stage.guest(), ConditionType.READY, ConditionType.IN_REQUESTED_STATE))
        .containsOnly("True");
    assertThat(statuses(stage.pool(), ConditionType.POOLS_HEALTHY)).containsOnly("True");
    assertThat(statuses(stage.cluster(), ConditionType.FAILOVER_READY)).containsOnly("True");
    for (HasMetadata object : List.of(guest, stage.pool(), stage.replication())) {
      assertThat(tellingOf(object, told)).as(texts(told).toString()).hasSize(1);
    }
  }

  @Test
  void rpoIsMetWhileTheLastKnownReplicaIsYoungAndUnknownFromThenOn() {
    awaitReplication();
    stage.cutOperatorOff(true);
    stage.pass(Duration.ofSeconds(20));
    ReplicationJob soon = stage.replication();
    assertThat(statuses(soon, ConditionType.RPO_MET)).as(stage.table()).containsOnly("True");
    assertThat(soon.reported().jobs()).allMatch(job -> Boolean.TRUE.equals(job.rpoMet()));

    Duration after =
        stage.until(
            "no say about the RPO",
            () -> VirtualStage.is(stage.replication(), ConditionType.RPO_MET, "Unknown"),
            Duration.ofMinutes(3));

    assertThat(after).isLessThan(Duration.ofSeconds(125));
    assertThat(message(stage.replication(), ConditionType.RPO_MET)).contains("guest 100", "120 s");
    stage.pass(Duration.ofSeconds(90));
    assertThat(stage.replication().reported().jobs()).allMatch(job -> job.rpoMet() == null);
  }

  private void awaitReplication() {
    Instant former = stage.replication().reported().oldestSync();
    stage.until(
        "a replication",
        () -> stage.replication().reported().oldestSync().isAfter(former),
        Duration.ofMinutes(2));
  }

  private Set<String> conditions() {
    Set<String> all = new LinkedHashSet<>();
    for (HasMetadata object :
        List.of(stage.cluster(), stage.pool(), stage.guest(), stage.replication())) {
      Stage.conditions(object)
          .forEach(
              condition ->
                  all.add(
                      "%s %s=%s %s"
                          .formatted(
                              object.getKind(),
                              condition.getType(),
                              condition.getStatus(),
                              condition.getReason())));
    }
    stage
        .cluster()
        .reported()
        .nodes()
        .forEach(
            node ->
                node.conditions()
                    .forEach(c -> all.add(node.name() + " " + c.getType() + "=" + c.getStatus())));
    return all;
  }

  private static List<String> statuses(HasMetadata object, ConditionType... types) {
    return Stream.of(types)
        .map(type -> VirtualStage.condition(object, type).map(Condition::getStatus).orElse("-"))
        .toList();
  }

  private static String message(HasMetadata object, ConditionType type) {
    return VirtualStage.condition(object, type).orElseThrow().getMessage();
  }

  private List<String> texts(int from) {
    List<String> texts = new ArrayList<>();
    List<Event> events = stage.events();
    events
        .subList(from, events.size())
        .forEach(
            event ->
                texts.add(event.getInvolvedObject().getKind() + ": " + event.getMessage() + "\n"));
    return texts;
  }

  private List<String> tellingOf(HasMetadata object, int from) {
    return texts(from).stream().filter(text -> text.startsWith(object.getKind() + ":")).toList();
  }
}
