package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.api.v1alpha1.ZfsPoolStatusBuilder;
import io.pveha.api.v1alpha1.ZfsPoolStatusNodeBuilder;
import io.pveha.proxmox.ApiRequest;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.machine.WorldSpec.DiskSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A pool goes only when all that may lie on it is known, seen and empty. */
class PoolDeletionTest {

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final Duration LONG = Duration.ofMinutes(10);

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aStorageThatIsHiddenHoldsItsPool(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.apply(destroyed(stage));
      stage.awaitReference();
      int before = stage.changes().size();
      acl(stage, "/storage/tank", "NoAccess", false);
      stage.pass(Duration.ofMinutes(1));
      assertHeld(stage, ConditionReason.STORAGE_NOT_VISIBLE, "Datastore.Audit on /storage/tank");
      assertThat(VirtualStage.is(stage.pool(), ConditionType.STORAGE_READY, "Unknown")).isTrue();
      assertThat(made(stage, before)).isEmpty();

      delete(stage);
      stage.pass(LONG);

      assertNothingGoes(stage);
      assertHeld(stage, ConditionReason.STORAGE_NOT_VISIBLE, "storage tank is not seen");
      assertThat(message(stage.pool())).contains(word(stage));
      assertThat(stage.events())
          .filteredOn(e -> e.getReason().equals(ConditionReason.STORAGE_NOT_VISIBLE.text()))
          .isNotEmpty()
          .allSatisfy(event -> assertThat(event.getType()).isEqualTo("Warning"));

      acl(stage, "/storage/tank", "NoAccess", true);
      stage.pass(SOON);
      assertNothingGoes(stage);
      assertHeld(stage, ConditionReason.STORAGE_IN_USE, "Pool tank on node2 holds disks of guests");
      assertThat(stage.failures()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void withoutThePrivilegeForStoragesEveryPoolStays(PveVersion version) {
    try (VirtualStage stage = withPool(version)) {
      acl(stage, "/storage", "HaOperatorStorage", true);

      delete(stage);
      stage.pass(LONG);

      assertNothingGoes(stage);
      assertHeld(stage, ConditionReason.STORAGE_NOT_VISIBLE, "lacks Datastore.Audit on /storage");
    }
  }

  /** A second storage on a dataset of the pool, with the disk of a guest that never ran. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aStorageOnADatasetOfThePoolHoldsIt(PveVersion version) {
    try (VirtualStage stage = withPool(version)) {
      secondStorage(stage);
      call(stage, ApiRequest.post("/nodes/node1/qemu").with("vmid", 300).with("scsi0", "vmdata:4"));
      call(stage, ApiRequest.delete("/storage/tank"));
      int before = stage.changes().size();

      delete(stage);
      stage.pass(LONG);

      assertNothingGoes(stage);
      assertHeld(stage, ConditionReason.STORAGE_IN_USE, "vmdata:vm-300-disk-0");
      assertThat(stage.changes().size()).isLessThanOrEqualTo(before + 1);

      // The word is for what no guest needs.
      stage.annotate(stage.pool(), ApiNames.DESTROY_DATA, stage.pool().getMetadata().getUid());
      stage.pass(SOON);
      assertNothingGoes(stage);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aSecondStorageThatIsHiddenHoldsThePool(PveVersion version) {
    try (VirtualStage stage = withPool(version)) {
      secondStorage(stage);
      call(stage, ApiRequest.post("/nodes/node1/qemu").with("vmid", 300).with("scsi0", "vmdata:4"));
      acl(stage, "/storage/vmdata", "NoAccess", false);

      delete(stage);
      stage.pass(LONG);

      assertNothingGoes(stage);
      assertHeld(stage, ConditionReason.STORAGE_NOT_VISIBLE, "storage vmdata");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void whatIsLeftOfNoGuestGoesByTheOwnersWordOnly(PveVersion version) {
    try (VirtualStage stage = withPool(version)) {
      call(stage, ApiRequest.delete("/storage/tank"));
      stage.until("the entry is recreated", () -> !stage.changes().isEmpty(), SOON);
      call(stage, ApiRequest.delete("/storage/tank"));
      delete(stage);
      stage.pass(SOON);
      assertNothingGoes(stage);
      assertHeld(stage, ConditionReason.STORAGE_NOT_VISIBLE, "storage tank is not seen");

      stage.annotate(stage.pool(), ApiNames.DESTROY_DATA, "yes");
      stage.pass(SOON);
      assertNothingGoes(stage);

      stage.annotate(stage.pool(), ApiNames.DESTROY_DATA, stage.pool().getMetadata().getUid());
      stage.until("the end of the pools", () -> stage.pool() == null, SOON);
      assertThat(removals(stage)).hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void emptyPoolsThatAreSeenGo(PveVersion version) {
    try (VirtualStage stage = withPool(version)) {
      delete(stage);
      stage.until("the end of the pools", () -> stage.pool() == null, SOON);

      assertThat(removals(stage))
          .contains("DELETE /storage/tank", "DELETE /nodes/node2/disks/zfs/tank")
          .hasSize(4);
      assertThat(stage.failures()).isEmpty();
    }
  }

  /**
   * The member that is asked first has no guests for a while: their disks are no orphans by that,
   * neither for an entry that is to go nor by the owner's word for orphans.
   */
  @ParameterizedTest
  @ValueSource(strings = {"DetachStorage", "Destroy"})
  void aMemberThatLagsMakesNoOrphans(String policy) {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.manifests().secrets();
      stage.applyCluster("");
      stage.apply(stage.manifests().poolYaml() + "  deletionPolicy: %s\n".formatted(policy));
      stage.until(
          "the pool", () -> VirtualStage.is(stage.pool(), ConditionType.READY, "True"), SOON);
      call(stage, ApiRequest.post("/nodes/node2/qemu").with("vmid", 300).with("scsi0", "tank:4"));
      stage.pass(SOON);
      stage.changeAnswers(
          (node, request, answer) ->
              node.equals("node1") && request.path().equals("/cluster/resources")
                  ? JsonNodeFactory.instance.arrayNode()
                  : answer);
      stage.annotate(stage.pool(), ApiNames.DESTROY_DATA, stage.pool().getMetadata().getUid());

      delete(stage);
      stage.pass(LONG);

      assertThat(removals(stage)).isEmpty();
      assertHeld(stage, ConditionReason.STORAGE_IN_USE, "guests [300] (tank:vm-300-disk-0)");
    }
  }

  /** A pool that was not imported when its node started holds what it held. */
  @ParameterizedTest
  @ValueSource(strings = {"DetachStorage", "Destroy"})
  void aPoolThatIsNotThereHoldsItsStorage(String policy) {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.manifests().secrets();
      stage.applyCluster("");
      stage.apply(stage.manifests().poolYaml() + "  deletionPolicy: %s\n".formatted(policy));
      stage.until(
          "the pool", () -> VirtualStage.is(stage.pool(), ConditionType.READY, "True"), SOON);
      call(stage, ApiRequest.post("/nodes/node2/qemu").with("vmid", 300).with("scsi0", "tank:4"));
      stage.pass(SOON);
      stage.changeAnswers(
          (node, request, answer) ->
              request.path().equals("/nodes/node2/disks/zfs")
                  ? JsonNodeFactory.instance.arrayNode()
                  : answer);

      delete(stage);
      stage.pass(LONG);

      assertNothingGoes(stage);
      assertHeld(stage, ConditionReason.STORAGE_NOT_VISIBLE, "`zpool import tank`");
      assertThat(message(stage.pool())).contains("`pvesm set tank --nodes node1,node3`");
      stage.restartOperator();
      stage.pass(SOON);
      assertNothingGoes(stage);
    }
  }

  /** Somebody made the pool of node2 anew, from another disk that the selector fits. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aPoolThatSomebodyElseMadeStays(PveVersion version) {
    try (VirtualStage stage = selected(version)) {
      assertThat(stage.pool().reported().nodes())
          .allSatisfy(node -> assertThat(node.diskIds()).hasSize(1));
      ByHand hand = remakeOnNode2(stage);

      delete(stage);
      stage.pass(LONG);
      stage.restartOperator();
      stage.pass(SOON);

      assertNothingGoes(stage);
      assertHeld(stage, ConditionReason.POOL_NAME_TAKEN, "Pool tank on node2");
      assertThat(message(stage.pool())).contains("`zpool destroy tank`");

      hand.on("node2").call(ApiRequest.delete("/nodes/node2/disks/zfs/tank"));
      hand.on("node2").call(ApiRequest.put("/storage/tank").with("nodes", "node1,node3"));
      stage.until("the end of the pools", () -> stage.pool() == null, SOON);
      assertThat(removals(stage))
          .containsExactlyInAnyOrder(
              "DELETE /nodes/node1/disks/zfs/tank",
              "DELETE /nodes/node3/disks/zfs/tank",
              "DELETE /storage/tank");
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** Who may write a status writes there that the other pool is the one that was made. */
  @ParameterizedTest(name = "operator restarts: {0}")
  @ValueSource(booleans = {false, true})
  void noStatusThatSomebodyWroteLetsAnotherPoolGo(boolean restarts) {
    try (VirtualStage stage = selected(PveVersion.V9_1)) {
      remakeOnNode2(stage);
      ZfsPool pool = stage.pool();
      pool.setStatus(
          ZfsPoolStatusBuilder.builder(pool.reported())
              .nodes(
                  pool.reported().nodes().stream()
                      .map(
                          node ->
                              node.name().equals("node2")
                                  ? ZfsPoolStatusNodeBuilder.builder(node)
                                      .diskIds(List.of("S8888888"))
                                      .build()
                                  : node)
                      .toList())
              .build());
      stage.client.resource(pool).updateStatus();
      if (restarts) {
        stage.restartOperator();
      }

      delete(stage);
      stage.pass(LONG);

      assertNothingGoes(stage);
      assertHeld(stage, ConditionReason.POOL_NAME_TAKEN, "Pool tank on node2");

      // What Proxmox itself shows is no memory, and needs no trust.
      ZfsPool named =
          Serialization.unmarshal(
              destroyed(stage).replace("node2, disks: [/dev/sdb]", "node2, disks: [/dev/sdz]"),
              ZfsPool.class);
      stage
          .client
          .resource(stage.pool())
          .edit(
              fresh -> {
                fresh.setSpec(named.getSpec());
                return fresh;
              });
      stage.until("the end of the pools", () -> stage.pool() == null, SOON);
    }
  }

  /** On nodes without pools, so that the operator makes them. */
  private static VirtualStage selected(PveVersion version) {
    VirtualStage stage = new VirtualStage(SimulatorOptions.standard().withVersion(version));
    stage.manifests().secrets();
    stage.apply(stage.manifests().clusterYaml());
    stage.apply(destroyed(stage).replace("disks: [/dev/sdb]", "diskSelector: {count: 1}"));
    stage.until(
        "the pools",
        () -> VirtualStage.is(stage.pool(), ConditionType.READY, "True"),
        Duration.ofMinutes(15));
    return stage;
  }

  private static ByHand remakeOnNode2(VirtualStage stage) {
    stage
        .faults()
        .attachDisk("node2", new DiskSpec("/dev/sdz", 1L << 40, "ssd", "S8888888", "M", null));
    ByHand hand = new ByHand(stage);
    hand.on("node2").call(ApiRequest.delete("/nodes/node2/disks/zfs/tank"));
    stage.pass(Duration.ofSeconds(20));
    hand.on("node2")
        .call(
            ApiRequest.post("/nodes/node2/disks/zfs")
                .with("name", "tank")
                .with("raidlevel", "single")
                .with("devices", "/dev/sdz"));
    stage.pass(SOON);
    return hand;
  }

  /** Neither pools nor their entry are listed by any member, and nothing was destroyed. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void poolsThatNoListShowsAnyMoreAreNotLetGoWithoutAWord(PveVersion version) {
    try (VirtualStage stage = withPool(version)) {
      AtomicBoolean hidden = new AtomicBoolean(true);
      stage.changeAnswers(
          (node, request, answer) -> hidden.get() ? withoutTank(request.path(), answer) : answer);
      stage.pass(Duration.ofMinutes(1));

      delete(stage);
      stage.pass(LONG);

      assertNothingGoes(stage);
      assertThat(message(stage.pool()))
          .contains("Pool tank was seen on node1, node2, node3", ApiNames.ABANDON);

      hidden.set(false);
      stage.until("the end of the pools", () -> stage.pool() == null, SOON);
      assertThat(removals(stage)).contains("DELETE /storage/tank").hasSize(4);
    }
  }

  private static JsonNode withoutTank(String path, JsonNode answer) {
    if (path.matches("/nodes/[^/]+/disks/zfs")) {
      return JsonNodeFactory.instance.arrayNode();
    }
    if (path.equals("/storage") || path.matches("/nodes/[^/]+/storage")) {
      ArrayNode rows = JsonNodeFactory.instance.arrayNode();
      answer.forEach(
          row -> {
            if (!row.path("storage").asText().equals("tank")) {
              rows.add(row);
            }
          });
      return rows;
    }
    return answer;
  }

  private static VirtualStage withPool(PveVersion version) {
    VirtualStage stage = VirtualStage.of(version);
    stage.manifests().secrets();
    stage.applyCluster("");
    stage.apply(destroyed(stage));
    stage.until("the pool", () -> VirtualStage.is(stage.pool(), ConditionType.READY, "True"), SOON);
    return stage;
  }

  private static String destroyed(VirtualStage stage) {
    return stage.manifests().poolYaml() + "  deletionPolicy: Destroy\n";
  }

  private static void secondStorage(VirtualStage stage) {
    call(
        stage,
        ApiRequest.post("/storage")
            .with("storage", "vmdata")
            .with("type", "zfspool")
            .with("pool", "tank/vm")
            .with("content", "images,rootdir"));
  }

  private static void acl(VirtualStage stage, String path, String role, boolean delete) {
    call(
        stage,
        ApiRequest.put("/access/acl")
            .with("path", path)
            .with("roles", role)
            .with("tokens", "operator@pve!pveha")
            .with("delete", delete ? Boolean.TRUE : null));
  }

  private static void call(VirtualStage stage, ApiRequest request) {
    new ByHand(stage).on("node1").call(request);
    stage.pass(Duration.ofSeconds(5));
  }

  private static void delete(VirtualStage stage) {
    stage.client.resources(ZfsPool.class).inNamespace(stage.namespace).withName("tank").delete();
  }

  private static List<String> removals(VirtualStage stage) {
    return stage.changes().stream().filter(what -> what.startsWith("DELETE")).toList();
  }

  private static List<String> made(VirtualStage stage, int before) {
    return stage.changes().stream()
        .skip(before)
        .filter(what -> what.equals("POST /storage"))
        .toList();
  }

  private static void assertNothingGoes(VirtualStage stage) {
    assertThat(removals(stage)).isEmpty();
    assertThat(stage.pool()).isNotNull();
  }

  private static void assertHeld(VirtualStage stage, ConditionReason reason, String why) {
    assertThat(VirtualStage.condition(stage.pool(), ConditionType.STALLED))
        .hasValueSatisfying(
            stalled -> {
              assertThat(stalled.getStatus()).isEqualTo("True");
              assertThat(stalled.getReason()).isEqualTo(reason.text());
              assertThat(stalled.getMessage()).contains(why);
            });
  }

  private static String word(VirtualStage stage) {
    return "kubectl annotate zfspool tank -n %s pveha.io/destroy-data=%s"
        .formatted(stage.namespace, stage.pool().getMetadata().getUid());
  }

  private static String message(ZfsPool pool) {
    return VirtualStage.condition(pool, ConditionType.READY).orElseThrow().getMessage();
  }
}
