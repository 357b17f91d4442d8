package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.PlannedChange;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.core.cluster.NodeName;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.StorageCalls;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A storage entry is shared: it is widened, never narrowed without a field that asks for it. */
class SharedStorageTest {

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final Duration LONG = Duration.ofMinutes(10);

  /**
   * node3 has the pool, the storage and a stopped guest of others; the spec names node1 and node2.
   */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aNodeOfOthersKeepsTheStorage(PveVersion version) {
    try (VirtualStage stage = withPool(version, "")) {
      machine(stage, "node3", 300);
      stage.client.resource(stage.pool()).delete();
      stage.until("its object gone", () -> stage.pool() == null, SOON);
      call(stage, ApiRequest.put("/storage/tank").with("nodes", "node2,node3"));
      stage.apply(onTwoNodes(stage, ""));
      stage.until("ready", () -> isReady(stage.pool()), SOON);
      stage.pass(LONG);

      assertThat(nodes(stage)).containsExactly("node1", "node2", "node3");
      assertThat(VirtualStage.condition(stage.pool(), ConditionType.STORAGE_READY).orElseThrow())
          .satisfies(
              ready -> assertThat(ready.getMessage()).contains("node3 is not in spec.nodes"));

      stage.apply(onTwoNodes(stage, "  storage: {exclusiveNodes: true}\n"));
      stage.until("refused", () -> isStalled(stage, ConditionReason.STORAGE_IN_USE), SOON);
      stage.pass(LONG);
      assertThat(nodes(stage)).containsExactly("node1", "node2", "node3");

      call(stage, ApiRequest.delete("/nodes/node3/qemu/300"));
      stage.until("ready", () -> isReady(stage.pool()), SOON);
      assertThat(nodes(stage)).containsExactly("node1", "node2");
      assertThat(stage.failures()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aNodeThatLeavesTheSpecKeepsTheStorageWhileAnythingLiesThere(PveVersion version) {
    try (VirtualStage stage = withPool(version, "")) {
      machine(stage, "node3", 300);
      int before = stage.changes().size();

      stage.apply(onTwoNodes(stage, "  managementPolicy: Observe\n"));
      stage.pass(SOON);
      assertThat(stage.pool().reported().plannedChanges())
          .extracting(PlannedChange::action)
          .containsExactly("UpdateStorage");

      stage.apply(onTwoNodes(stage, ""));
      stage.pass(LONG);
      stage.restartOperator();
      stage.pass(LONG);

      assertThat(nodes(stage)).containsExactly("node1", "node2", "node3");
      assertThat(stage.changes()).hasSize(before);
      assertThat(isStalled(stage, ConditionReason.STORAGE_IN_USE)).isTrue();
      assertThat(VirtualStage.condition(stage.pool(), ConditionType.READY).orElseThrow())
          .satisfies(
              ready ->
                  assertThat(ready.getMessage())
                      .contains("node3", "guests [300]", "tank:vm-300-disk-0", "spec.nodes"));

      call(stage, ApiRequest.delete("/nodes/node3/qemu/300"));
      stage.until("ready", () -> isReady(stage.pool()), SOON);
      assertThat(nodes(stage)).containsExactly("node1", "node2");
      assertThat(stage.pool().reported().nodes()).hasSize(2);
      assertThat(stage.pool().reported().nodesHealthy()).isEqualTo("2/2");
      assertThat(new StorageCalls(new ByHand(stage).on("node3")).pools(new NodeName("node3")).get())
          .as("the pool stays")
          .hasSize(1);
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** A pool that was not imported when its node started holds what it held. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aNodeThatLeavesTheSpecKeepsTheStorageWhileItsPoolIsNotThere(PveVersion version) {
    try (VirtualStage stage = withPool(version, "")) {
      machine(stage, "node3", 300);
      int before = stage.changes().size();
      stage.changeAnswers(
          (node, request, answer) ->
              request.path().equals("/nodes/node3/disks/zfs")
                  ? JsonNodeFactory.instance.arrayNode()
                  : answer);

      stage.apply(onTwoNodes(stage, ""));
      stage.pass(LONG);

      assertThat(nodes(stage)).containsExactly("node1", "node2", "node3");
      assertThat(stage.changes()).hasSize(before);
      assertThat(isStalled(stage, ConditionReason.STORAGE_NOT_VISIBLE)).isTrue();
      assertThat(VirtualStage.condition(stage.pool(), ConditionType.READY).orElseThrow())
          .satisfies(
              ready ->
                  assertThat(ready.getMessage())
                      .contains("`zpool import tank`", "`pvesm set tank --nodes node1,node2`"));

      call(stage, ApiRequest.put("/storage/tank").with("nodes", "node1,node2"));
      stage.until("ready", () -> isReady(stage.pool()), SOON);
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** The list of storages is odd at all members: its gap does not show that the entry is gone. */
  @ParameterizedTest
  @ValueSource(strings = {"\"tnak\"", "\"\"", "null", "{}"})
  void anEntryUnderAnotherNameIsNotMadeASecondTime(String name) throws JsonProcessingException {
    JsonNode odd = new ObjectMapper().readTree(name);
    try (VirtualStage stage = withPool(PveVersion.V9_1, "")) {
      int before = stage.changes().size();
      stage.changeAnswers(
          (node, request, answer) ->
              request.path().equals("/storage") ? named(answer, odd) : answer);

      stage.pass(LONG);
      stage.restartOperator();
      stage.pass(LONG);
      assertThat(stage.changes()).hasSize(before);
      assertThat(isReady(stage.pool())).isFalse();

      stage.changeAnswers((node, request, answer) -> answer);
      stage.until("ready", () -> isReady(stage.pool()), SOON);
      assertThat(stage.changes()).hasSize(before);

      call(stage, ApiRequest.delete("/storage/tank"));
      stage.until("the entry is recreated", () -> stage.changes().size() > before, SOON);
      assertThat(stage.changes().get(before)).isEqualTo("POST /storage");
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** Proxmox itself refuses the second one, and is not asked again and again. */
  @Test
  void aStorageThatProxmoxSaysIsThereIsHardlyAskedForAgain() {
    try (VirtualStage stage = withPool(PveVersion.V9_1, "")) {
      int before = stage.changes().size();
      stage.changeAnswers(
          (node, request, answer) ->
              request.path().endsWith("/storage")
                  ? named(answer, TextNode.valueOf("tnak"))
                  : answer);

      stage.pass(Duration.ofMinutes(60));

      assertThat(stage.changes().size() - before).isBetween(1, 10);
      assertThat(VirtualStage.condition(stage.pool(), ConditionType.READY).orElseThrow())
          .satisfies(
              ready ->
                  assertThat(ready.getMessage())
                      .contains("storage tank is already defined, though no list shows it"));
      assertThat(isStalled(stage, ConditionReason.REQUEST_REFUSED)).isTrue();
      assertThat(stage.failures()).isEmpty();
    }
  }

  private static JsonNode named(JsonNode answer, JsonNode name) {
    JsonNode changed = answer.deepCopy();
    changed.forEach(
        row -> {
          if (row.path("storage").asText().equals("tank")) {
            ((ObjectNode) row).set("storage", name);
          }
        });
    return changed;
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void whatTwoObjectsClaimTheOlderOneOwns(PveVersion version) {
    try (VirtualStage stage = withPool(version, "")) {
      stage.pass(Duration.ofSeconds(5));
      int before = stage.changes().size();

      stage.apply(onTwoNodes(stage, "").replace("name: tank\n", "name: more\n"));
      stage.apply(
          onTwoNodes(stage, "  storage: {id: tank}\n")
              .replace("name: tank\n", "name: other\n")
              .replace("poolName: tank", "poolName: fast"));
      stage.pass(LONG);
      stage.restartOperator();
      stage.pass(SOON);

      assertThat(stage.changes()).hasSize(before);
      assertThat(isReady(stage.pool())).as(stage.table()).isTrue();
      assertTaken(stage, "more", ConditionReason.POOL_TAKEN);
      assertTaken(stage, "other", ConditionReason.STORAGE_TAKEN);

      // One that goes leaves it to the one that stays.
      stage.client.resource(stage.get(ZfsPool.class, "other")).delete();
      stage.client.resource(stage.pool()).delete();
      stage.until("its end", () -> stage.pool() == null, SOON);
      stage.until("the next owner", () -> isReady(stage.get(ZfsPool.class, "more")), SOON);
      assertThat(nodes(stage)).containsExactly("node1", "node2", "node3");
      assertThat(stage.changes()).hasSize(before);
      assertThat(stage.failures()).isEmpty();
    }
  }

  private static VirtualStage withPool(PveVersion version, String more) {
    VirtualStage stage = VirtualStage.of(version);
    stage.manifests().secrets();
    stage.applyCluster("");
    stage.apply(stage.manifests().poolYaml() + more);
    stage.until("the pool", () -> isReady(stage.pool()), SOON);
    return stage;
  }

  private static String onTwoNodes(VirtualStage stage, String more) {
    return stage.manifests().poolYaml().replaceFirst("(?m)^.*name: node3,.*\n", "") + more;
  }

  private static void machine(VirtualStage stage, String node, int vmid) {
    call(
        stage,
        ApiRequest.post("/nodes/%s/qemu".formatted(node))
            .with("vmid", vmid)
            .with("scsi0", "tank:4"));
  }

  private static void call(VirtualStage stage, ApiRequest request) {
    new ByHand(stage).on("node1").call(request);
    stage.pass(Duration.ofSeconds(5));
  }

  private static List<String> nodes(VirtualStage stage) {
    return new StorageCalls(new ByHand(stage).on("node1"))
        .storages().get().stream()
            .filter(storage -> storage.storage().equals("tank"))
            .findFirst()
            .orElseThrow()
            .nodeList();
  }

  private static boolean isReady(ZfsPool pool) {
    return pool != null && VirtualStage.is(pool, ConditionType.READY, "True");
  }

  private static boolean isStalled(VirtualStage stage, ConditionReason reason) {
    return VirtualStage.is(stage.pool(), ConditionType.STALLED, "True")
        && VirtualStage.isBecause(stage.pool(), ConditionType.STALLED, reason.text());
  }

  private static void assertTaken(VirtualStage stage, String name, ConditionReason reason) {
    assertThat(
            VirtualStage.condition(stage.get(ZfsPool.class, name), ConditionType.STALLED)
                .orElseThrow())
        .satisfies(
            stalled -> {
              assertThat(stalled.getStatus()).isEqualTo("True");
              assertThat(stalled.getReason()).isEqualTo(reason.text());
              assertThat(stalled.getMessage()).contains(stage.namespace + "/tank");
            });
  }
}
