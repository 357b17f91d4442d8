package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.MovePhase;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.proxmox.ApiRequest;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nodes with several guests are emptied: under HA, beside it, and with rules between them. */
class EvacuationOfManyTest {

  private static final Duration LONG = Duration.ofMinutes(8);
  private static final String ON_DEGRADED_POOLS =
      "health: {rules: [{condition: PoolsHealthy, status: 'False', action: Evacuate}]}";

  /** The reference with the container {@code web} on node1. */
  private static VirtualStage reference(PveVersion version, String more) {
    VirtualStage stage = VirtualStage.of(version);
    stage.applyReference(more);
    stage.awaitReference();
    return stage;
  }

  private static void machine(VirtualStage stage, int vmid, String node) {
    new ByHand(stage)
        .on(node)
        .call(
            ApiRequest.post("/nodes/%s/qemu".formatted(node))
                .with("vmid", vmid)
                .with("name", "vm" + vmid)
                .with("memory", 1024)
                .with("scsi0", "tank:8"));
    stage.apply(
        """
        apiVersion: pveha.io/v1alpha1
        kind: ReplicationJob
        metadata:
          name: vm%d
        spec:
          clusterRef: {name: reference}
          guest: {vmid: %d}
          targets: {allOthers: true}
          schedule: "*/1"
          rpoSeconds: 120
        """
            .formatted(vmid, vmid));
  }

  private static void underHa(VirtualStage stage, int vmid, String more) {
    stage.apply(
        """
        apiVersion: pveha.io/v1alpha1
        kind: HaResource
        metadata:
          name: vm%d
        spec:
          clusterRef: {name: reference}
          guest: {kind: VM, vmid: %d}
          state: started
        """
                .formatted(vmid, vmid)
            + more);
  }

  private static void awaitMachines(VirtualStage stage, int... vmids) {
    for (int vmid : vmids) {
      stage.until(
          "VM %d with its replicas".formatted(vmid),
          () ->
              "2/2".equals(stage.get(ReplicationJob.class, "vm" + vmid).reported().jobsHealthy())
                  && Stream.ofNullable(stage.get(HaResource.class, "vm" + vmid))
                      .allMatch(har -> VirtualStage.is(har, ConditionType.READY, "True")),
          LONG);
    }
    stage.pass(Duration.ofMinutes(1));
  }

  @Test
  void thoseThatRunTogetherLeaveAsOneAndGoWhereNoneIsThatRunsApart() {
    try (VirtualStage stage = reference(PveVersion.V9_1, "")) {
      machine(stage, 101, "node1");
      machine(stage, 102, "node2");
      stage.pass(Duration.ofSeconds(20));
      underHa(stage, 101, "  placement: {together: [web]}\n");
      underHa(stage, 102, "  placement: {apart: [web]}\n");
      awaitMachines(stage, 101, 102);
      GuestWatch container = stage.watch(100);
      GuestWatch machine = stage.watch(101);
      assertThat(List.of(container.nodes(), machine.nodes())).containsOnly(List.of("node1"));

      stage.applyCluster("maintenance: [node1]\n");
      stage.until("node1 to be empty", () -> isEmpty(stage, "node1"), LONG);
      assertThat(container.nodes()).endsWith("node3");
      assertThat(machine.nodes()).endsWith("node3");
      assertThat(machine.outages()).as("of the VM, which goes while it runs").isEmpty();
      assertThat(moves(stage)).as("one is asked for, both go").isEqualTo(Map.of("101", 1L));
      assertThat(stage.cluster().reported().away()).hasSize(2);

      stage.applyCluster("maintenance: [node1, node3]\n");
      stage.pass(Duration.ofMinutes(3));
      assertThat(moves(stage)).as("node2 has the one apart").isEqualTo(Map.of("101", 1L));
      assertThat(VirtualStage.condition(stage.cluster(), ConditionType.EMPTIED))
          .get()
          .satisfies(
              told -> {
                assertThat(told.getReason()).isEqualTo(ConditionReason.GUEST_STAYS.text());
                assertThat(told.getMessage()).contains("vm:102 is on node2 and must be kept apart");
              });

      stage.applyCluster("maintenance: []\n");
      stage.until("both at home", () -> isEmpty(stage, "node3"), Duration.ofMinutes(15));
      stage.pass(Duration.ofMinutes(5));
      assertThat(container.nodes()).containsExactly("node1", "node3", "node1");
      assertThat(machine.nodes()).containsExactly("node1", "node3", "node1");
      assertThat(moves(stage)).isEqualTo(Map.of("101", 2L));
      assertThat(stage.truth().violations()).isEmpty();
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** Each write to Proxmox ends the operator before it is sent, and again after it was answered. */
  @Test
  void threeLeaveOnceEachThoughTheOperatorDiesAtEachWriteAndManyAStatus() {
    try (VirtualStage stage = reference(PveVersion.V9_1, ON_DEGRADED_POOLS)) {
      machine(stage, 101, "node1");
      machine(stage, 102, "node1");
      stage.pass(Duration.ofSeconds(20));
      underHa(stage, 101, "");
      underHa(stage, 102, "");
      awaitMachines(stage, 101, 102);
      List<GuestWatch> watches = Stream.of(100, 101, 102).map(stage::watch).toList();
      Set<String> deaths = new HashSet<>();
      int[] statuses = {0};
      stage.around(
          write -> die(deaths, "before " + write),
          write -> die(deaths, "after " + write),
          () -> {
            statuses[0]++;
            if (statuses[0] % 4 == 0 && statuses[0] < 60) {
              die(deaths, "after status " + statuses[0]);
            }
          });

      stage.faults().pool("node1", "tank", "DEGRADED");
      stage.until("node1 to be empty", () -> isEmpty(stage, "node1"), LONG.multipliedBy(2));
      stage.pass(Duration.ofMinutes(3));

      assertThat(deaths).hasSizeGreaterThan(15);
      assertThat(moves(stage)).isEqualTo(Map.of("100", 1L, "101", 1L, "102", 1L));
      assertThat(watches.get(1).outages()).isEmpty();
      assertThat(watches.get(2).outages()).isEmpty();
      assertThat(stage.truth().violations()).isEmpty();
    }
  }

  private static void die(Set<String> deaths, String where) {
    if (deaths.add(where)) {
      throw new OperatorDied(where);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void respectsMaintenanceThatAnAdminSwitchedOn(PveVersion version) {
    try (VirtualStage stage = reference(version, "")) {
      GuestWatch guest = stage.watch(100);
      ReplicationStoriesTest.maintenance(stage, "node2", true);
      stage.pass(Duration.ofSeconds(30));

      stage.applyCluster("maintenance: [node1]\n");
      stage.until("the guest on node3", () -> isEmpty(stage, "node1"), LONG);
      ReplicationStoriesTest.maintenance(stage, "node1", true);
      stage.pass(Duration.ofSeconds(30));
      stage.applyCluster("maintenance: []\n");
      stage.pass(Duration.ofMinutes(12));
      assertThat(guest.nodes()).containsExactly("node1", "node3");

      ReplicationStoriesTest.maintenance(stage, "node1", false);
      stage.until("the guest at home", () -> isEmpty(stage, "node3"), Duration.ofMinutes(12));
      stage.pass(Duration.ofMinutes(3));
      assertThat(guest.nodes()).containsExactly("node1", "node3", "node1");
      assertThat(moves(stage)).isEqualTo(Map.of("100", 2L));
      assertThat(stage.truth().violations()).isEmpty();
    }
  }

  /** An admin's maintenance and ours of the same node: Proxmox moves the guest, and we do not. */
  @Test
  void leavesANodeToProxmoxThatEmptiesItItself() {
    try (VirtualStage stage = reference(PveVersion.V9_1, "")) {
      GuestWatch guest = stage.watch(100);
      stage.applyCluster("maintenance: [node1]\n");
      stage.until(
          "a replication before the move",
          () ->
              stage.cluster().reported().moves().stream()
                  .anyMatch(move -> move.phase() == MovePhase.SYNCING),
          LONG);
      ReplicationStoriesTest.maintenance(stage, "node1", true);
      stage.until("node1 to be empty", () -> isEmpty(stage, "node1"), LONG);
      stage.pass(Duration.ofMinutes(3));

      assertThat(guest.nodes()).hasSize(2);
      assertThat(stage.truth().violations()).isEmpty();
    }
  }

  @Test
  void guestsOutsideHaStayAndAreNamedUntilThePolicySaysMove() {
    try (VirtualStage stage = reference(PveVersion.V8_3, "")) {
      machine(stage, 101, "node1");
      machine(stage, 102, "node1");
      stage.pass(Duration.ofSeconds(5));
      new ByHand(stage).on("node1").call(ApiRequest.post("/nodes/node1/qemu/101/status/start"));
      awaitMachines(stage, 101, 102);
      GuestWatch machine = stage.watch(101);

      stage.applyCluster("maintenance: [node1]\n");
      stage.until(
          "the container elsewhere",
          () -> !"node1".equals(stage.guest().reported().node()) && noneUnderWay(stage),
          LONG);
      stage.pass(Duration.ofMinutes(2));
      assertThat(moves(stage)).isEqualTo(Map.of("100", 1L));
      assertThat(VirtualStage.condition(stage.cluster(), ConditionType.EMPTIED))
          .get()
          .satisfies(
              told -> {
                assertThat(told.getReason()).isEqualTo(ConditionReason.GUEST_STAYS.text());
                assertThat(told.getMessage()).contains("vm:101 on node1").contains("vm:102");
              });

      String move = "health: {unmanagedGuests: Move}\n";
      stage.applyCluster(move + "maintenance: [node1]\n");
      stage.until(
          "all elsewhere",
          () -> VirtualStage.is(stage.cluster(), ConditionType.EMPTIED, "True"),
          LONG);
      assertThat(machine.outages()).isEmpty();
      assertThat(moves(stage)).isEqualTo(Map.of("100", 1L, "101", 1L, "102", 1L));

      stage.applyCluster(move);
      stage.until(
          "all at home",
          () -> stage.cluster().reported().away().isEmpty() && noneUnderWay(stage),
          Duration.ofMinutes(20));
      assertThat(moves(stage)).isEqualTo(Map.of("100", 2L, "101", 2L, "102", 2L));
      assertThat(machine.nodes()).endsWith("node1");
      assertThat(machine.outages()).isEmpty();
      assertThat(stage.truth().violations()).isEmpty();
    }
  }

  /** HA ends in the middle of the move that HA makes: it arrives, or stays; it is not pushed. */
  @Test
  void nothingIsMovedTwiceWhoseHaResourceIsDeletedMidway() {
    try (VirtualStage stage = reference(PveVersion.V8_3, "")) {
      stage.apply(stage.manifests().guestYaml() + "  deletionPolicy: RemoveFromHA\n");
      stage.pass(Duration.ofSeconds(10));
      GuestWatch guest = stage.watch(100);
      stage.applyCluster("maintenance: [node1]\n");
      stage.until(
          "the move to be asked for",
          () ->
              stage.cluster().reported().moves().stream()
                  .anyMatch(move -> move.phase() == MovePhase.MOVING),
          LONG);
      stage
          .client
          .resources(HaResource.class)
          .inNamespace(stage.namespace)
          .withName("web")
          .delete();
      stage.pass(Duration.ofMinutes(1));
      stage.applyCluster("maintenance: []\n");
      stage.pass(Duration.ofMinutes(15));

      assertThat(moves(stage)).isEqualTo(Map.of("100", 1L));
      assertThat(noneUnderWay(stage)).isTrue();
      assertThat(guest.nodes()).hasSizeLessThanOrEqualTo(2);
      assertThat(stage.truth().violations()).isEmpty();
    }
  }

  private static boolean isEmpty(VirtualStage stage, String node) {
    return stage.truth().guests().stream()
            .noneMatch(guest -> guest.runningOn().contains(node) || guest.runningOn().isEmpty())
        && noneUnderWay(stage);
  }

  private static boolean noneUnderWay(VirtualStage stage) {
    return stage.cluster().reported().moves().stream()
        .allMatch(move -> move.phase() == MovePhase.WAITING || move.finishedAt() != null);
  }

  /** How often Proxmox took on to move each guest. */
  private static Map<String, Long> moves(VirtualStage stage) {
    return stage.answered().stream()
        .map(VirtualWire.Write::what)
        .filter(what -> what.matches(".*/(migrate|relocate)"))
        .map(what -> what.replaceAll("^.*?(?:%3A|/(?:qemu|lxc)/)(\\d+)/.*$", "$1"))
        .collect(Collectors.groupingBy(id -> id, TreeMap::new, Collectors.counting()));
  }
}
