package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.proxmox.ApiRequest;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.machine.WorldSpec.DiskSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One disk is never two, whatever it is called; the boot pool is taken over as it is. */
class DisksOfPoolsTest {

  private static final Duration SOON = Duration.ofMinutes(3);

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void oneDiskIsNeverTwo(PveVersion version) {
    try (VirtualStage stage = withSpareDisks(version)) {
      stage.apply(
          pool("fast", "disks: [/dev/sdx, /dev/disk/by-id/ata-ACME_SSD_LUN7]")
              + "  managementPolicy: Observe\n");
      awaitStalled(stage, "fast", ConditionReason.DISK_TWICE);
      assertThat(message(stage, "fast"))
          .contains("/dev/sdx and /dev/disk/by-id/ata-ACME_SSD_LUN7 are the same disk");

      stage.apply(pool("fast", "disks: [/dev/sdx, /dev/sdy]"));
      stage.apply(pool("slow", "diskSelector: {count: 2, model: ACME_SSD}"));
      awaitStalled(stage, "fast", ConditionReason.DISK_TWICE);
      awaitStalled(stage, "slow", ConditionReason.TOO_FEW_DISKS);
      assertThat(message(stage, "slow"))
          .contains("/dev/sdx and /dev/sdy are two paths of one disk");
      assertThat(stage.changes()).isEmpty();

      stage
          .faults()
          .attachDisk("node1", new DiskSpec("/dev/sdz", 1L << 40, "ssd", "S888", "ACME_SSD", null));
      stage.until("the pool", () -> isReady(stage, "slow"), SOON);
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** What can't be read of the list may be another path of a disk that looks unused. */
  @Test
  void noPoolIsMadeWhileADiskOfItsNodeCanNotBeRead() {
    try (VirtualStage stage = withSpareDisks(PveVersion.V9_1)) {
      stage.changeAnswers(
          (node, request, answer) ->
              request.path().equals("/nodes/node1/disks/list")
                  ? without(answer, "/dev/sdy")
                  : answer);
      stage.apply(
          pool("slow", "diskSelector: {count: 1, model: ACME_SSD}").replace("mirror", "single"));
      stage.pass(SOON);

      assertThat(stage.changes()).isEmpty();
      assertThat(message(stage, "slow"))
          .contains("The list of disks of node1 can't be read in full");
      stage.changeAnswers((node, request, answer) -> answer);
      stage.until("the pool", () -> isReady(stage, "slow"), SOON);
      assertThat(stage.failures()).isEmpty();
    }
  }

  private static JsonNode without(JsonNode answer, String disk) {
    JsonNode changed = answer.deepCopy();
    changed.forEach(
        row -> {
          if (row.path("devpath").asText().equals(disk)) {
            ((ObjectNode) row).remove("devpath");
          }
        });
    return changed;
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void theInstallersLayoutIsTakenOverAsItIs(PveVersion version) {
    try (VirtualStage stage = withSpareDisks(version)) {
      call(
          stage,
          ApiRequest.post("/nodes/node1/disks/zfs")
              .with("name", "rpool")
              .with("raidlevel", "single")
              .with("devices", "/dev/sdx"));
      call(
          stage,
          ApiRequest.post("/storage")
              .with("storage", "local-zfs")
              .with("type", "zfspool")
              .with("pool", "rpool/data")
              .with("content", "images,rootdir"));
      stage.apply(
          pool("rpool", "disks: [/dev/sdx]").replace("mirror", "single")
              + "  storage: {id: local-zfs}\n");
      stage.until("it is taken over", () -> isReady(stage, "rpool"), SOON);
      assertThat(stage.changes()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aBootPoolIsNotMadeOfSpareDisks(PveVersion version) {
    try (VirtualStage stage = withSpareDisks(version)) {
      stage.apply(pool("rpool", "disks: [/dev/sdx]").replace("mirror", "single"));
      awaitStalled(stage, "rpool", ConditionReason.POOL_NAME_TAKEN);
      stage.pass(SOON);
      assertThat(stage.changes()).isEmpty();
    }
  }

  private static VirtualStage withSpareDisks(PveVersion version) {
    VirtualStage stage = VirtualStage.of(version);
    for (String path : List.of("/dev/sdx", "/dev/sdy")) {
      stage
          .faults()
          .attachDisk("node1", new DiskSpec(path, 1L << 40, "ssd", "LUN7", "ACME_SSD", null));
    }
    stage.manifests().secrets();
    stage.applyCluster("");
    return stage;
  }

  private static String pool(String name, String disks) {
    return """
    apiVersion: pveha.io/v1alpha1
    kind: ZfsPool
    metadata:
      name: %s
    spec:
      clusterRef: {name: reference}
      poolName: %s
      raidLevel: mirror
      nodes:
        - name: node1
          %s
    """
        .formatted(name, name, disks);
  }

  private static void call(VirtualStage stage, ApiRequest request) {
    new ByHand(stage).on("node1").call(request);
    stage.pass(Duration.ofSeconds(5));
  }

  private static void awaitStalled(VirtualStage stage, String name, ConditionReason reason) {
    stage.until(
        name + " is " + reason,
        () ->
            VirtualStage.is(pool(stage, name), ConditionType.STALLED, "True")
                && VirtualStage.isBecause(pool(stage, name), ConditionType.STALLED, reason.text()),
        SOON);
  }

  private static boolean isReady(VirtualStage stage, String name) {
    return VirtualStage.is(pool(stage, name), ConditionType.READY, "True");
  }

  private static ZfsPool pool(VirtualStage stage, String name) {
    return stage.get(ZfsPool.class, name);
  }

  private static String message(VirtualStage stage, String name) {
    return VirtualStage.condition(pool(stage, name), ConditionType.READY)
        .orElseThrow()
        .getMessage();
  }
}
