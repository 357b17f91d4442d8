package io.pveha.operator;

import static io.pveha.operator.ReplicationSelectionTest.awaitHealthy;
import static io.pveha.operator.ReplicationSelectionTest.copies;
import static io.pveha.operator.ReplicationSelectionTest.create;
import static io.pveha.operator.ReplicationSelectionTest.ready;
import static io.pveha.operator.ReplicationSelectionTest.selecting;
import static io.pveha.operator.ReplicationSelectionTest.tag;
import static io.pveha.operator.ReplicationSelectionTest.vmids;
import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.proxmox.ApiRequest;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guests that do not fit a selector any more lose nothing until their owner says so. */
class SelectionShrinksTest {

  private static final Duration LONG = Duration.ofMinutes(15);

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aRoleThatHidesWhoIsInAPoolRemovesNothing(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      create(stage, 200, "one", "tank");
      create(stage, 201, "two", "tank");
      call(stage, ApiRequest.post("/pools").with("poolid", "prod"));
      call(stage, ApiRequest.put("/pools/prod").with("vms", "200,201"));
      stage.apply(selecting(stage, "Delete").replace("{tags: [gold]}", "{pool: prod}"));
      awaitHealthy(stage, "gold", "4/4");

      hidePools(stage, true);
      stage.until(
          "that it is told",
          () -> !VirtualStage.is(gold(stage), ConditionType.READY, "True"),
          LONG);
      stage.pass(Duration.ofMinutes(5));
      stage.restartOperator();
      stage.pass(Duration.ofMinutes(5));

      assertThat(VirtualStage.is(gold(stage), ConditionType.READY, "True")).isFalse();
      assertThat(copies(stage, 200)).hasSize(3);
      assertThat(copies(stage, 201)).hasSize(3);
      assertThat(removals(stage)).isEmpty();
      assertThat(stage.truth().destroyed()).isEmpty();
      assertThat(vmids(stage, "gold")).as("still shown").containsExactly(200, 200, 201, 201);
      hidePools(stage, false);
      awaitHealthy(stage, "gold", "4/4");
      assertThat(gold(stage).reported().selection().missing()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aWordThatStaysInTheManifestCountsForNoLaterShrinking(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      create(stage, 200, "gold", "tank");
      create(stage, 201, "gold", "tank");
      stage.apply(selecting(stage, "Delete"));
      awaitHealthy(stage, "gold", "4/4");

      tag(stage, 200, "silver");
      awaitShrunk(stage);
      stage.annotate(gold(stage), ApiNames.ACCEPT_SELECTION, "true");
      stage.pass(Duration.ofMinutes(3));
      assertThat(removals(stage)).isEmpty();
      assertThat(ready(stage, "gold").getMessage()).contains("200 (has no tag gold)");
      assertThat(copies(stage, 200)).hasSize(3);
      accept(stage);
      stage.until(
          "its end, once it was accepted", () -> copies(stage, 200).equals(List.of("node1")), LONG);
      awaitHealthy(stage, "gold", "2/2");
      tag(stage, 200, "gold");
      awaitHealthy(stage, "gold", "4/4");
      tag(stage, 200, "silver");
      awaitShrunk(stage);
      stage.pass(Duration.ofMinutes(5));

      assertThat(copies(stage, 200)).hasSize(3);
      assertThat(copies(stage, 201)).hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aGuestThatBecomesATemplateKeepsItsJobs(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      create(stage, 200, "gold", "tank");
      stage.apply(selecting(stage, "Delete"));
      awaitHealthy(stage, "gold", "2/2");
      call(stage, ApiRequest.put("/nodes/node1/lxc/200/config").with("template", true));
      awaitShrunk(stage);
      stage.pass(Duration.ofMinutes(5));

      assertThat(ready(stage, "gold").getMessage()).contains("200 (is a template)");
      assertThat(removals(stage)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aGuestThatAnotherObjectNamesIsNotMissed(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      create(stage, 200, "gold", "tank");
      create(stage, 201, "gold", "tank");
      stage.apply(selecting(stage, "Delete"));
      awaitHealthy(stage, "gold", "4/4");
      tag(stage, 200, "silver");
      awaitShrunk(stage);
      stage.apply(
          stage
              .manifests()
              .replicationYaml()
              .replace("name: web", "name: named")
              .replace("vmid: 100", "vmid: 200"));
      awaitHealthy(stage, "named", "2/2");
      awaitHealthy(stage, "gold", "2/2");

      assertThat(JobMarksTest.comment(stage, "200-0"))
          .isEqualTo("pveha: " + stage.namespace + "/named");
      assertThat(stage.truth().destroyed()).isEmpty();
      assertThat(ReplicationStoriesTest.fullCopies(stage)).isEqualTo(6);
    }
  }

  static void awaitShrunk(VirtualStage stage) {
    stage.until(
        "the shrinking",
        () -> VirtualStage.isBecause(gold(stage), ConditionType.STALLED, "SelectionShrank"),
        LONG);
  }

  /** As the message says. */
  static void accept(VirtualStage stage) {
    stage.annotate(
        gold(stage),
        ApiNames.ACCEPT_SELECTION,
        ready(stage, "gold").getMessage().replaceAll(".*accept-selection=([^`]*)`.*", "$1"));
  }

  private static ReplicationJob gold(VirtualStage stage) {
    return stage.get(ReplicationJob.class, "gold");
  }

  private static List<String> removals(VirtualStage stage) {
    return ReplicationStoriesTest.jobWrites(stage).stream()
        .filter(what -> what.startsWith("DELETE"))
        .toList();
  }

  private static void hidePools(VirtualStage stage, boolean hide) {
    for (Map.Entry<String, String> who :
        Map.of("users", "operator@pve", "tokens", "operator@pve!pveha").entrySet()) {
      call(
          stage,
          ApiRequest.put("/access/acl")
              .with("path", "/pool")
              .with("roles", "HaOperatorPools")
              .with(who.getKey(), who.getValue())
              .with("delete", hide ? Boolean.TRUE : null));
    }
  }

  private static void call(VirtualStage stage, ApiRequest request) {
    new ByHand(stage).on("node1").call(request);
  }
}
