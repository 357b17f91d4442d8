package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.PlannedChange;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What others put under HA is taken over, and the plan says before what will be different. */
class AdoptionTest {

  private static final Duration SOON = Duration.ofMinutes(3);

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void planEventAndMessageNameWhatDiffers(PveVersion version) {
    try (VirtualStage stage = adopted(version)) {
      byHand(stage, version);
      int before = stage.writes().size();
      List<String> differences = new ArrayList<>(List.of("max_restart 1, was 2"));
      if (version.isNine()) {
        differences.add("failback off, was on");
      } else {
        differences.add("failback off, was on");
        differences.add("nodes node1, node2, were node1 (priority 2), node2 (priority 1)");
      }

      stage.apply(yaml("managementPolicy: Observe"));
      stage.until(
          "the plan",
          () ->
              VirtualStage.isBecause(
                  guest(stage), ConditionType.READY, ConditionReason.OBSERVED.text()),
          SOON);

      String plan =
          String.join(
              "\n",
              guest(stage).reported().plannedChanges().stream()
                  .map(PlannedChange::message)
                  .toList());
      differences.forEach(difference -> assertThat(plan).contains(difference));
      assertThat(stage.writes()).hasSize(before);

      stage.apply(yaml("managementPolicy: Enforce"));
      stage.until(
          "it is taken over",
          () -> VirtualStage.is(guest(stage), ConditionType.READY, "True"),
          SOON);
      String events = String.join("\n", stage.events().stream().map(Event::getMessage).toList());
      differences.forEach(difference -> assertThat(events).contains(difference));
      assertThat(stage.failures()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aTemplateIsNotPutUnderHa(PveVersion version) {
    try (VirtualStage stage = adopted(version)) {
      ProxmoxApi node1 = new ByHand(stage).on("node1");
      node1.call(
          ApiRequest.post("/nodes/node1/qemu")
              .with("vmid", 201)
              .with("scsi0", "tank:4")
              .with("template", true));
      stage.pass(Duration.ofSeconds(10));
      int before = stage.writes().size();

      stage.apply(
          yaml("managementPolicy: Enforce").replace("kind: CT, vmid: 100", "kind: VM, vmid: 201"));
      stage.until("it is blocked", () -> isTemplate(guest(stage)), SOON);

      assertThat(message(guest(stage)))
          .startsWith("201 is a template; it can't be started.")
          .doesNotContain("ha-manager");
      assertThat(stage.writes()).hasSize(before);

      node1.call(
          ApiRequest.post("/cluster/ha/resources").with("sid", "vm:201").with("state", "stopped"));
      stage.until(
          "it is said", () -> message(guest(stage)).contains("ha-manager remove vm:201"), SOON);
      stage.pass(SOON);
      assertThat(stage.writes()).hasSize(before);
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.FAILOVER_READY, "True"))
          .as("nothing is to be replicated for a template")
          .isTrue();
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** Node 1 is preferred and sorts first, and takes no guests now. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aNewGuestIsMadeWhereItCanStay(PveVersion version) {
    try (VirtualStage stage = adopted(version)) {
      stage.applyCluster("maintenance: [node1]\n");
      stage.pass(Duration.ofSeconds(30));

      stage.apply(stage.manifests().guestYaml().replace("      node: node1\n", ""));
      stage.until(
          "the guest", () -> VirtualStage.is(stage.guest(), ConditionType.READY, "True"), SOON);

      assertThat(stage.guest().reported().node()).isEqualTo("node2");
      stage.until(
          "the node is empty",
          () -> VirtualStage.is(stage.cluster(), ConditionType.EMPTIED, "True"),
          SOON);
      assertThat(stage.failures()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aNewGuestWaitsForTheOneNodeThatIsNamedAndSaysWhy(PveVersion version) {
    try (VirtualStage stage = adopted(version)) {
      stage.applyCluster("maintenance: [node1]\n");
      stage.pass(Duration.ofSeconds(30));
      int before = stage.writes().size();

      stage.apply(stage.manifests().guestYaml());
      stage.pass(Duration.ofMinutes(1));
      assertThat(VirtualStage.condition(stage.guest(), ConditionType.READY))
          .hasValueSatisfying(
              ready ->
                  assertThat(ready.getMessage())
                      .contains("node1 is left out: it is in spec.maintenance"));
      assertThat(stage.writes()).hasSize(before);

      stage.applyCluster("maintenance: []\n");
      stage.until(
          "the guest", () -> VirtualStage.is(stage.guest(), ConditionType.READY, "True"), SOON);
      assertThat(stage.guest().reported().node()).isEqualTo("node1");
    }
  }

  private static VirtualStage adopted(PveVersion version) {
    VirtualStage stage = VirtualStage.of(version);
    stage.manifests().secrets();
    stage.applyCluster("");
    stage.apply(stage.manifests().poolYaml());
    stage.until(
        "the cluster",
        () ->
            VirtualStage.is(stage.cluster(), ConditionType.READY, "True")
                && VirtualStage.is(stage.pool(), ConditionType.READY, "True"),
        SOON);
    return stage;
  }

  /** A container under HA as an owner before us left it; on 8 in a group that fails back. */
  private static void byHand(VirtualStage stage, PveVersion version) {
    ProxmoxApi node1 = new ByHand(stage).on("node1");
    node1.call(
        ApiRequest.post("/nodes/node1/lxc")
            .with("vmid", 100)
            .with("ostemplate", "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst")
            .with("unprivileged", true)
            .with("rootfs", "tank:8")
            .with("start", true));
    stage.pass(Duration.ofSeconds(20));
    ApiRequest resource =
        ApiRequest.post("/cluster/ha/resources")
            .with("sid", "ct:100")
            .with("state", "started")
            .with("max_restart", 2);
    if (!version.isNine()) {
      node1.call(
          ApiRequest.post("/cluster/ha/groups")
              .with("group", "mine")
              .with("nodes", "node1:2,node2:1"));
      resource = resource.with("group", "mine");
    }
    node1.call(resource);
    stage.pass(Duration.ofSeconds(60));
  }

  private static HaResource guest(VirtualStage stage) {
    return stage.get(HaResource.class, "adopted");
  }

  private static boolean isTemplate(HaResource resource) {
    return VirtualStage.isBecause(
        resource, ConditionType.STALLED, ConditionReason.GUEST_IS_TEMPLATE.text());
  }

  private static String message(HaResource resource) {
    return VirtualStage.condition(resource, ConditionType.STALLED).orElseThrow().getMessage();
  }

  private static String yaml(String policy) {
    return """
    apiVersion: pveha.io/v1alpha1
    kind: HaResource
    metadata:
      name: adopted
    spec:
      %s
      clusterRef: {name: reference}
      guest: {kind: CT, vmid: 100}
      state: started
      placement: {nodes: [{name: node1}, {name: node2}]}
    """
        .formatted(policy);
  }
}
