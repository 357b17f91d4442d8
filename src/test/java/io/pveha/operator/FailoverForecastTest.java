package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.GuestOutcome;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.GuestReadiness;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.proxmox.ApiRequest;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What guests as they are in practice need beside replicas: it is said before their node dies, and
 * what then happens is what was said.
 */
class FailoverForecastTest {

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final Duration LONG = Duration.ofMinutes(10);

  /** Guests on node1, and what is said of each in advance. */
  private enum Guest {
    REPLICATED(200, GuestOutcome.RECOVERED, "", Map.of("scsi0", "tank:4")),
    SHARED_ISO(
        201,
        GuestOutcome.RECOVERED,
        "",
        Map.of("scsi0", "tank:4", "ide2", "nas:iso/debian-12.iso,media=cdrom")),
    CLOUD_INIT(
        210,
        GuestOutcome.RECOVERED,
        "",
        Map.of("scsi0", "tank:4", "ide2", "tank:cloudinit,media=cdrom")),
    SHARED_DISK(208, GuestOutcome.RECOVERED, "", Map.of("scsi0", "tank:4", "scsi1", "nas:8")),
    MAPPED(
        209,
        GuestOutcome.RECOVERED,
        "",
        Map.of("scsi0", "tank:4", "hostpci0", "mapping=everywhere")),
    EXEMPT_DISK(
        203,
        GuestOutcome.STRANDED,
        "there is no replica of scsi1 (tank:vm-203-disk-1), since it has replicate=0",
        Map.of("scsi0", "tank:4", "scsi1", "tank:8,replicate=0")),
    DEVICE(
        204,
        GuestOutcome.STRANDED,
        "hostpci0 (0000:01:00.0) is a device of node1",
        Map.of("scsi0", "tank:4", "hostpci0", "0000:01:00.0")),
    USB(
        206,
        GuestOutcome.STRANDED,
        "usb0 (1-1) is a device of node1",
        Map.of("scsi0", "tank:4", "usb0", "host=1-1")),
    MAPPED_ELSEWHERE(
        207,
        GuestOutcome.STRANDED,
        "mapping gpu of hostpci0 has no entry for that node",
        Map.of("scsi0", "tank:4", "hostpci0", "mapping=gpu")),
    LOCAL_ISO(
        202,
        GuestOutcome.STRANDED,
        "qm set 202 --ide2 none,media=cdrom",
        Map.of("scsi0", "tank:4", "ide2", "local:iso/debian-12.iso,media=cdrom"));

    private final int vmid;
    private final GuestOutcome outcome;
    private final String said;
    private final Map<String, String> options;

    Guest(int vmid, GuestOutcome outcome, String said, Map<String, String> options) {
      this.vmid = vmid;
      this.outcome = outcome;
      this.said = said;
      this.options = options;
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void whatAGuestNeedsOfItsNodeIsSaidInAdvanceAndComesTrue(PveVersion version) {
    try (VirtualStage stage = withPool(version)) {
      call(
          stage,
          ApiRequest.post("/storage")
              .with("storage", "nas")
              .with("type", "nfs")
              .with("server", "10.0.0.99")
              .with("export", "/x")
              .with("path", "/mnt/pve/nas")
              .with("content", "images,rootdir,iso"));
      mapping(stage, "gpu", "node=node1,path=0000:01:00.0,id=10de:1eb8");
      mapping(
          stage,
          "everywhere",
          "node=node1,path=0000:02:00.0;node=node2,path=0000:02:00.0;node=node3,path=0000:02:00.0");
      for (Guest guest : Guest.values()) {
        machine(stage, guest.vmid, guest.options);
      }
      stage.apply(replicating("selector: {tags: [ha]}"));
      stage.pass(SOON.plusMinutes(2));

      for (Guest guest : Guest.values()) {
        GuestReadiness row = row(stage, "vm:" + guest.vmid).orElseThrow();
        assertThat(row.outcome()).as(guest + ": " + row.message()).isEqualTo(guest.outcome);
        if (guest.outcome == GuestOutcome.STRANDED) {
          assertThat(row.message()).contains(guest.said);
        }
      }
      assertThat(ready(stage).getStatus()).isEqualTo("False");
      assertThat(ready(stage).getReason()).isEqualTo(ConditionReason.GUESTS_STRANDED.text());
      assertThat(
              VirtualStage.condition(stage.get(HaResource.class, "guest-204"), ConditionType.PLACED)
                  .orElseThrow()
                  .getMessage())
          .contains("it can start on node1 only", "hostpci0 (0000:01:00.0)");

      stage.faults().power("node1", false);
      stage.pass(LONG);
      for (Guest guest : Guest.values()) {
        assertThat(runs(stage, guest.vmid))
            .as(guest.toString())
            .isEqualTo(guest.outcome == GuestOutcome.RECOVERED);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void directoryOfTheNodeIsAskedForUntilItIsSaidToBeEverywhere(PveVersion version) {
    try (VirtualStage stage = withPool(version)) {
      call(
          stage,
          ApiRequest.post("/nodes/node1/lxc")
              .with("vmid", 110)
              .with("ostemplate", "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst")
              .with("rootfs", "tank:8")
              .with("mp0", "/mnt/data,mp=/data"));
      stage.apply(resource("CT", 110));
      stage.apply(replicating("guest: {vmid: 110}"));
      stage.pass(SOON);
      assertThat(ready(stage).getMessage())
          .contains("no replica of its disks", "/mnt/data of mp0 must exist on node2");
      Condition refused =
          VirtualStage.condition(stage.get(ReplicationJob.class, "all"), ConditionType.STALLED)
              .orElseThrow();
      assertThat(refused.getStatus()).isEqualTo("True");
      assertThat(refused.getReason()).isEqualTo(ConditionReason.NOTHING_TO_REPLICATE.text());
      assertThat(refused.getMessage()).contains("mp0", "/mnt/data", "replicate=0");

      mount(stage, "/mnt/data,mp=/data,replicate=0");
      stage.pass(SOON);
      assertThat(ready(stage).getStatus()).isEqualTo("Unknown");
      assertThat(ready(stage).getReason()).isEqualTo(ConditionReason.DEPENDS_ON_NODE.text());
      assertThat(ready(stage).getMessage())
          .contains("ct:110", "/mnt/data of mp0 must exist on node2", "shared=1");

      mount(stage, "/mnt/data,mp=/data,replicate=0,shared=1");
      stage.pass(SOON);
      assertThat(ready(stage).getStatus()).as(ready(stage).getMessage()).isEqualTo("True");
    }
  }

  /** A former guest of the same number left it; the configuration does not name it. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aVolumeThatTheConfigurationDoesNotNameBindsNothing(PveVersion version) {
    try (VirtualStage stage = withPool(version)) {
      call(
          stage,
          ApiRequest.post("/storage")
              .with("storage", "data")
              .with("type", "dir")
              .with("path", "/data")
              .with("nodes", "node1")
              .with("content", "images"));
      stage.changeAnswers(
          (node, request, answer) ->
              request.path().equals("/nodes/node1/storage/data/content")
                  ? ((ArrayNode) answer.deepCopy()).add(straying())
                  : answer);
      machine(stage, 200, Map.of("scsi0", "tank:4"));
      stage.apply(replicating("selector: {tags: [ha]}"));
      stage.pass(SOON.plusMinutes(2));

      assertThat(row(stage, "vm:200").orElseThrow().outcome()).isEqualTo(GuestOutcome.RECOVERED);
      assertThat(ready(stage).getStatus()).as(ready(stage).getMessage()).isEqualTo("True");
      stage.faults().power("node1", false);
      stage.pass(LONG);
      assertThat(runs(stage, 200)).isTrue();
    }
  }

  /** Here replicate=0 leads to a failover that can't be. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aMountPointWithoutReplicaStrandsItsContainer(PveVersion version) {
    try (VirtualStage stage = withPool(version)) {
      call(
          stage,
          ApiRequest.post("/nodes/node1/lxc")
              .with("vmid", 112)
              .with("ostemplate", "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst")
              .with("rootfs", "tank:8")
              .with("mp0", "tank:4,mp=/data,replicate=0"));
      stage.apply(resource("CT", 112));
      stage.apply(replicating("guest: {vmid: 112}"));
      stage.pass(SOON.plusMinutes(2));

      GuestReadiness row = row(stage, "ct:112").orElseThrow();
      assertThat(row.outcome()).isEqualTo(GuestOutcome.STRANDED);
      assertThat(row.message()).contains("mp0", "replicate=0");
      assertThat(ready(stage).getReason()).isEqualTo(ConditionReason.GUESTS_STRANDED.text());
      stage.faults().power("node1", false);
      stage.pass(LONG);
      assertThat(runs(stage, 112)).isFalse();
    }
  }

  private static ObjectNode straying() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("volid", "data:200/vm-200-disk-9.raw")
        .put("content", "images")
        .put("format", "raw")
        .put("size", 1L << 30)
        .put("vmid", 200);
  }

  private static void mount(VirtualStage stage, String value) {
    call(stage, ApiRequest.put("/nodes/node1/lxc/110/config").with("mp0", value));
  }

  private static VirtualStage withPool(PveVersion version) {
    VirtualStage stage = VirtualStage.of(version);
    stage.manifests().secrets();
    stage.applyCluster("");
    stage.apply(stage.manifests().poolYaml());
    stage.until("the pool", () -> VirtualStage.is(stage.pool(), ConditionType.READY, "True"), SOON);
    return stage;
  }

  private static void machine(VirtualStage stage, int vmid, Map<String, String> options) {
    ApiRequest request =
        ApiRequest.post("/nodes/node1/qemu")
            .with("vmid", vmid)
            .with("memory", 64)
            .with("tags", "ha");
    for (Map.Entry<String, String> option : options.entrySet()) {
      request = request.with(option.getKey(), option.getValue());
    }
    call(stage, request);
    stage.apply(resource("VM", vmid));
  }

  private static void mapping(VirtualStage stage, String id, String map) {
    call(stage, ApiRequest.post("/cluster/mapping/pci").with("id", id).with("map", map));
  }

  private static String resource(String kind, int vmid) {
    return """
    apiVersion: pveha.io/v1alpha1
    kind: HaResource
    metadata:
      name: guest-%d
    spec:
      clusterRef: {name: reference}
      guest: {kind: %s, vmid: %d}
      state: started
    """
        .formatted(vmid, kind, vmid);
  }

  private static String replicating(String which) {
    return """
    apiVersion: pveha.io/v1alpha1
    kind: ReplicationJob
    metadata:
      name: all
    spec:
      clusterRef: {name: reference}
      %s
      targets: {allOthers: true}
      schedule: "*/1"
    """
        .formatted(which);
  }

  private static void call(VirtualStage stage, ApiRequest request) {
    new ByHand(stage).on("node1").call(request);
    stage.pass(Duration.ofSeconds(5));
  }

  private static Condition ready(VirtualStage stage) {
    return VirtualStage.condition(stage.cluster(), ConditionType.FAILOVER_READY).orElseThrow();
  }

  private static Optional<GuestReadiness> row(VirtualStage stage, String guest) {
    return stage.cluster().reported().failoverReadiness().stream()
        .filter(loss -> loss.node().equals("node1"))
        .flatMap(loss -> loss.guests().stream())
        .filter(row -> row.guest().equals(guest))
        .findFirst();
  }

  private static boolean runs(VirtualStage stage, int vmid) {
    HaResource resource = stage.get(HaResource.class, "guest-" + vmid);
    return !"node1".equals(resource.reported().node())
        && "started".equals(resource.reported().state());
  }
}
