package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.simulator.ha.NodeHa;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a newer Proxmox has told of HA in a property that we do not know is not ours to change. */
class ForeignRuleTest {

  private static final Duration SOON = Duration.ofMinutes(1);

  private static final Set<String> PLACING =
      Set.of("/cluster/ha/rules", "/cluster/ha/groups", "/cluster/ha/resources");

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void leavesWhatPlacesAGuestAloneWhileItHasAPropertyThatIsNotKnown(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      place(stage, version, Map.of("horizon", "7"));
      stage.faults().pool("node3", "tank", "SUSPENDED");
      stage.until(
          "the rule to be called foreign",
          () -> because(stage.guest(), ConditionType.STALLED, ConditionReason.FOREIGN_RULE),
          SOON);
      stage.until(
          "no word on failover",
          () ->
              because(stage.cluster(), ConditionType.FAILOVER_READY, ConditionReason.FOREIGN_RULE),
          SOON);
      long writes = placing(stage);
      stage.pass(Duration.ofMinutes(10));

      assertThat(placing(stage)).as(stage.table()).isEqualTo(writes);
      assertThat(message(stage.guest(), ConditionType.STALLED)).contains("web", "horizon");
      assertThat(message(stage.cluster(), ConditionType.FAILOVER_READY))
          .contains("ct:100", "web", "horizon");
      assertThat(VirtualStage.is(stage.guest(), ConditionType.PLACED, "Unknown")).isTrue();

      forget(stage, version, "horizon");
      stage.until(
          "the placement to follow the replicas",
          () ->
              stage.guest().reported().placement() != null
                  && stage.guest().reported().placement().nodes().size() == 2,
          Duration.ofMinutes(3));
      stage.until(
          "a word on failover",
          () ->
              !because(stage.cluster(), ConditionType.FAILOVER_READY, ConditionReason.FOREIGN_RULE),
          SOON);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void leavesAnHaResourceAloneThatHasAPropertyThatIsNotKnown(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      ha(
          stage,
          ha -> ha.updateResource("ct:100", Map.of("gravity", "1"), Set.of(), Optional.empty()));
      stage.apply(stage.manifests().guestYaml().replace("state: started", "state: stopped"));
      stage.until(
          "the property to be named",
          () -> because(stage.guest(), ConditionType.STALLED, ConditionReason.UNKNOWN_PROPERTY),
          SOON);
      long writes = placing(stage);
      stage.pass(Duration.ofMinutes(5));

      assertThat(placing(stage)).as(stage.table()).isEqualTo(writes);
      assertThat(message(stage.guest(), ConditionType.STALLED)).contains("ct:100", "gravity");
      assertThat(resources(stage).get("ct:100")).containsEntry("gravity", "1");

      ha(stage, ha -> ha.updateResource("ct:100", Map.of(), Set.of("gravity"), Optional.empty()));
      stage.until(
          "the guest to be stopped",
          () -> VirtualStage.is(stage.guest(), ConditionType.READY, "True"),
          Duration.ofMinutes(3));
      assertThat(resources(stage).get("ct:100")).containsEntry("state", "stopped");
    }
  }

  @Test
  void makesNoRuleBesideOneOfATypeThatIsNotKnown() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      ha(
          stage,
          ha ->
              ha.createRule(
                  "zone", Map.of("type", "zone-affinity", "resources", "ct:100", "zone", "a")));
      stage.faults().pool("node3", "tank", "SUSPENDED");
      stage.until(
          "the rule to be called foreign",
          () -> because(stage.guest(), ConditionType.STALLED, ConditionReason.FOREIGN_RULE),
          SOON);
      stage.pass(SOON);

      assertThat(rules(stage)).containsOnlyKeys("zone");
      assertThat(message(stage.guest(), ConditionType.STALLED)).contains("zone", "type");
    }
  }

  private static void place(VirtualStage stage, PveVersion version, Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(more);
    all.put("nodes", "node1,node3");
    if (version.hasRules()) {
      all.put("type", "node-affinity");
      all.put("resources", "ct:100");
      ha(stage, ha -> ha.createRule("web", all));
    } else {
      ha(stage, ha -> ha.createGroup("web", all));
      ha(
          stage,
          ha -> ha.updateResource("ct:100", Map.of("group", "web"), Set.of(), Optional.empty()));
    }
  }

  private static void forget(VirtualStage stage, PveVersion version, String property) {
    if (version.hasRules()) {
      ha(stage, ha -> ha.updateRule("web", Map.of(), Set.of(property), Optional.empty()));
    } else {
      ha(stage, ha -> ha.updateGroup("web", Map.of(), Set.of(property), Optional.empty()));
    }
  }

  private static Map<String, SortedMap<String, String>> resources(VirtualStage stage) {
    return stage.simulator.world().read(() -> node(stage).resources());
  }

  private static Map<String, SortedMap<String, String>> rules(VirtualStage stage) {
    return stage.simulator.world().read(() -> node(stage).rules());
  }

  private static void ha(VirtualStage stage, Consumer<NodeHa> change) {
    stage
        .simulator
        .world()
        .request(
            () -> {
              change.accept(node(stage));
              return true;
            });
  }

  private static NodeHa node(VirtualStage stage) {
    return stage.simulator.world().node("node1").ha();
  }

  private static long placing(VirtualStage stage) {
    return stage.writes().stream()
        .filter(write -> PLACING.stream().anyMatch(path -> write.what().contains(path)))
        .count();
  }

  private static boolean because(HasMetadata object, ConditionType type, ConditionReason reason) {
    return VirtualStage.isBecause(object, type, reason.text());
  }

  private static String message(HasMetadata object, ConditionType type) {
    return VirtualStage.condition(object, type).orElseThrow().getMessage();
  }
}
