package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResourceStatus.AppliedPlacement;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.GuestKind;
import io.pveha.core.cluster.NodeName;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.GuestCalls;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where Proxmox may recover a guest follows where its replicas are, by groups and by rules. */
class PlacementFollowsTest {

  private static final Duration SOON = Duration.ofMinutes(1);

  /** Groups and rules are asked for less often than pools. */
  private static final Duration SLOW_POLL = Duration.ofSeconds(20);

  private static final String LIMIT = "  placement: {maxReplicaAgeSeconds: 120}\n";

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void leavesANodeOutWhoseJobFailsAndTakesItBack(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.apply(stage.manifests().guestYaml() + LIMIT);
      stage.awaitReference();
      assertThat(stage.guest().reported().placement()).isNull();

      stage.faults().replication("node1", job(stage, "node3"), true);
      Duration took = awaitPlaced(stage, List.of("node1", "node2"), Duration.ofMinutes(6));

      assertThat(took).as("2 min, and 90 s for a late run").isLessThan(Duration.ofMinutes(5));
      assertThat(allowed(stage, "node2")).containsOnlyKeys("node1", "node2");
      assertThat(message(stage)).contains("node3 is left out: its replica is older than 120 s.");
      assertThat(stage.guest().reported().placement().strict()).isTrue();

      stage.faults().replication("node1", job(stage, "node3"), false);
      stage.until(
          "no restriction",
          () -> stage.guest().reported().placement() == null,
          Duration.ofMinutes(40));
      assertThat(stage.failures()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void leavesANodeOutWhosePoolIsSuspended(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();

      stage.faults().pool("node3", "tank", "SUSPENDED");
      Duration took = awaitPlaced(stage, List.of("node1", "node2"), SOON);
      assertThat(took).isLessThan(Duration.ofSeconds(30));

      stage.faults().power("node1", false);
      stage.until(
          "the guest on the node that can run it",
          () ->
              "node2".equals(stage.guest().reported().node())
                  && VirtualStage.is(stage.guest(), ConditionType.READY, "True"),
          Duration.ofMinutes(5));
    }
  }

  /** A storage of which a node does not tell, or tells once, is not left out for it. */
  @Test
  void leavesNoNodeOutForAStorageThatIsNotSurelyInactive() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      int before = stage.changes().size();

      for (JsonNode untold : List.of(MissingNode.getInstance(), NullNode.getInstance())) {
        stage.changeAnswers((node, request, answer) -> tankOfNode3(request, answer, untold));
        stage.pass(Duration.ofMinutes(5));
        stage.changeAnswers((node, request, answer) -> answer);
        stage.pass(Duration.ofMinutes(1));
      }
      AtomicInteger wrong = new AtomicInteger();
      stage.changeAnswers(
          (node, request, answer) ->
              isAbout(request)
                      && stage.time.instant().getEpochSecond() % 30 < 8
                      && wrong.incrementAndGet() > 0
                  ? tankOfNode3(request, answer, IntNode.valueOf(0))
                  : answer);
      stage.pass(Duration.ofMinutes(5));
      assertThat(wrong).hasValueGreaterThan(5);
      assertThat(stage.changes()).hasSize(before);
      assertThat(stage.guest().reported().placement()).isNull();

      stage.changeAnswers(
          (node, request, answer) -> tankOfNode3(request, answer, IntNode.valueOf(0)));
      awaitPlaced(stage, List.of("node1", "node2"), SOON);
      assertThat(message(stage)).contains("node3 is left out: its storage tank is not active.");
      assertThat(stage.failures()).isEmpty();
    }
  }

  private static boolean isAbout(ApiRequest request) {
    return request.path().equals("/nodes/node3/storage");
  }

  private static JsonNode tankOfNode3(ApiRequest request, JsonNode answer, JsonNode active) {
    if (!isAbout(request)) {
      return answer;
    }
    JsonNode changed = answer.deepCopy();
    changed.forEach(
        row -> {
          if (row.path("storage").asText().equals("tank")) {
            ((ObjectNode) row).remove("active");
            if (!active.isMissingNode()) {
              ((ObjectNode) row).set("active", active);
            }
          }
        });
    return changed;
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void keepsItsRuleWhenRolesSwapAfterAFailover(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.apply(stage.manifests().replicationYaml().replace("{allOthers: true}", "{count: 1}"));
      stage.until(
          "a rule", () -> stage.guest().reported().placement() != null, Duration.ofMinutes(10));
      stage.pass(Duration.ofMinutes(3));
      List<String> nodes = stage.guest().reported().placement().nodes();
      assertThat(nodes).hasSize(2).startsWith("node1");
      String other = nodes.get(1);
      GuestWatch watch = stage.watch(100);
      int writes = stage.writes().size();

      stage.faults().power("node1", false);
      stage.pass(Duration.ofMinutes(6));
      stage.faults().power("node1", true);
      stage.pass(Duration.ofMinutes(10));

      assertThat(watch.nodes()).containsExactly("node1", other);
      assertThat(stage.writes()).as(stage.table()).hasSize(writes);
      assertThat(stage.guest().reported().placement().nodes()).containsExactlyElementsOf(nodes);
      assertThat(allowed(stage, "node2")).containsOnlyKeys("node1", other);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void keepsTheFreshestWhereNoneIsGoodAndSaysSo(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.apply(stage.manifests().guestYaml() + LIMIT);
      stage.awaitReference();

      stage.faults().replication("node1", job(stage, "node2"), true);
      stage.pass(Duration.ofMinutes(2));
      stage.faults().replication("node1", job(stage, "node3"), true);
      stage.until(
          "Placed to say why",
          () ->
              VirtualStage.isBecause(
                  stage.guest(), ConditionType.PLACED, ConditionReason.NO_REPLICA.text()),
          Duration.ofMinutes(8));
      stage.pass(SOON);

      assertThat(allowed(stage, "node2")).containsOnlyKeys("node1", "node3");
      assertThat(message(stage)).contains("node3 is kept all the same");
    }
  }

  @Test
  void takesAGroupOverThatIsThere() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V8_3)) {
      stage.applyReference();
      stage.awaitReference();
      ByHand admin = new ByHand(stage);
      admin.placement("node1").addGroup("web", Map.of(name(1), 2, name(2), 1), false, false);
      admin.ha("node1").update("ct:100", Map.of("group", "web"));

      stage.faults().pool("node3", "tank", "SUSPENDED");
      stage.until(
          "the group of the admin to be strict",
          () ->
              admin.placement("node1").groups().get().stream()
                  .anyMatch(g -> g.group().equals("web") && g.restricted() && g.nofailback()),
          SOON);
      stage.until(
          "no other group", () -> admin.placement("node1").groups().get().size() == 1, SLOW_POLL);

      assertThat(stage.guest().reported().placement().name()).isEqualTo("web");
      assertThat(allowed(stage, "node2")).containsOnlyKeys("node1", "node2");
    }
  }

  @Test
  void takesARuleOverThatProxmoxMadeFromAGroup() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      ByHand admin = new ByHand(stage);
      admin
          .placement("node1")
          .addNodeAffinity(
              "ha-group-web", List.of("ct:100"), Map.of(name(2), 1, name(3), 1), false);

      stage.faults().pool("node3", "tank", "SUSPENDED");
      awaitPlaced(stage, List.of("node1", "node2"), SOON);

      assertThat(stage.guest().reported().placement().name()).isEqualTo("ha-group-web");
      assertThat(admin.placement("node1").rules().get()).hasSize(1);
      stage.faults().pool("node3", "tank", "ONLINE");
      // Once the health rules trust the node again.
      awaitPlaced(stage, List.of("node1", "node2", "node3"), Duration.ofMinutes(20));
      assertThat(stage.guest().reported().placement().strict()).isFalse();
    }
  }

  @Test
  void leavesARuleOfSeveralGuestsForOneOfItsOwn() {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference();
      stage.awaitReference();
      ByHand admin = new ByHand(stage);
      new GuestCalls(admin.on("node1"))
          .create(
              name(1),
              new GuestId(GuestKind.CT, 101),
              Map.of(
                  "ostemplate", "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst",
                  "rootfs", "tank:1"));
      stage.pass(SOON);
      admin.ha("node1").add("ct:101", "ignored", 1, 1, Map.of());
      admin
          .placement("node1")
          .addNodeAffinity(
              "ha-group-all", List.of("ct:100", "ct:101"), Map.of(name(1), 1, name(3), 1), true);

      stage.faults().pool("node3", "tank", "SUSPENDED");
      awaitPlaced(stage, List.of("node1", "node2"), SOON);

      assertThat(stage.guest().reported().placement().name()).isEqualTo("pveha-ct-100");
      assertThat(admin.placement("node1").rules().get())
          .filteredOn(rule -> rule.rule().equals("ha-group-all"))
          .singleElement()
          .satisfies(rule -> assertThat(rule.sids()).containsExactly("ct:101"));
    }
  }

  private static NodeName name(int number) {
    return new NodeName("node" + number);
  }

  private static Map<String, Integer> allowed(VirtualStage stage, String asked) {
    return new ByHand(stage)
        .allowed(asked, stage.cluster().reported().pveVersion().startsWith("8"));
  }

  private static String job(VirtualStage stage, String target) {
    return stage.replication().reported().jobs().stream()
        .filter(job -> job.target().equals(target))
        .findFirst()
        .orElseThrow()
        .id();
  }

  private static String message(VirtualStage stage) {
    return VirtualStage.condition(stage.guest(), ConditionType.PLACED).orElseThrow().getMessage();
  }

  private static Duration awaitPlaced(VirtualStage stage, List<String> nodes, Duration limit) {
    Predicate<AppliedPlacement> right =
        placement -> placement != null && placement.nodes().equals(nodes);
    return stage.until(
        "placement on " + nodes, () -> right.test(stage.guest().reported().placement()), limit);
  }
}
