package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.proxmox.ApiRequest;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A container and a VM leave a node that fails, before it dies: whatever tells of it, nobody moves
 * twice, no two copies ever run, and the VM is not away at all.
 */
class EvacuationStoriesTest {

  /** With two guests one after the other; a replication of each comes before. */
  private static final Duration EMPTY = Duration.ofMinutes(4);

  private static final Duration SELDOM = Duration.ofSeconds(15);
  private static final Duration DISKS = Duration.ofMinutes(5);

  /** A rule that evacuates for what only is reported by default. */
  private static final String ON_DEGRADED_POOLS =
      "health: {rules: [{condition: PoolsHealthy, status: 'False', action: Evacuate}]}";

  /** What may be wrong with a node so that its guests can still leave; false mends it. */
  private record Trouble(NodeConditionType type, String status, Duration poll, Fault fault) {

    interface Fault {
      void set(VirtualStage stage, String node, boolean broken);
    }

    String rule() {
      return "{condition: %s, status: '%s', forSeconds: 20, action: Evacuate}"
          .formatted(type.text(), status);
    }
  }

  private static final List<Trouble> TROUBLES =
      List.of(
          new Trouble(
              NodeConditionType.POOLS_HEALTHY,
              "False",
              Duration.ofSeconds(5),
              (stage, node, broken) ->
                  stage.faults().pool(node, "tank", broken ? "DEGRADED" : "ONLINE")),
          new Trouble(
              NodeConditionType.SERVICES_HEALTHY,
              "False",
              Duration.ofSeconds(5),
              (stage, node, broken) -> stage.faults().service(node, "pvestatd", !broken)),
          new Trouble(
              NodeConditionType.LINKS_UP,
              "False",
              SELDOM,
              (stage, node, broken) -> stage.faults().link(node, 1, !broken)),
          new Trouble(
              NodeConditionType.TIME_IN_SYNC,
              "False",
              SELDOM,
              (stage, node, broken) ->
                  stage.faults().clock(node, Duration.ofSeconds(broken ? 5 : 0))),
          new Trouble(
              NodeConditionType.CERTIFICATE_VALID,
              "False",
              SELDOM,
              (stage, node, broken) ->
                  stage
                      .faults()
                      .certificateEnds(
                          node, broken ? stage.time.instant().plus(Duration.ofDays(3)) : null)),
          new Trouble(
              NodeConditionType.MEMORY_PRESSURE,
              "True",
              SELDOM,
              (stage, node, broken) -> stage.faults().memory(node, broken ? 0.97 : -1)),
          new Trouble(
              NodeConditionType.ROOT_DISK_PRESSURE,
              "True",
              SELDOM,
              (stage, node, broken) -> stage.faults().rootDisk(node, broken ? 0.97 : -1)),
          new Trouble(
              NodeConditionType.DISKS_WORN,
              "True",
              DISKS,
              (stage, node, broken) -> stage.faults().wear(node, "/dev/sdb", broken ? 3 : 90)));

  private static VirtualStage containerAndMachine(PveVersion version, String more) {
    VirtualStage stage = VirtualStage.of(version);
    stage.applyReference(more);
    stage.awaitReference();
    new ByHand(stage)
        .on("node1")
        .call(
            ApiRequest.post("/nodes/node1/qemu")
                .with("vmid", 101)
                .with("name", "db")
                .with("memory", 1024)
                .with("scsi0", "tank:8"));
    stage.pass(Duration.ofSeconds(20));
    stage.apply(
        """
        apiVersion: pveha.io/v1alpha1
        kind: HaResource
        metadata:
          name: db
        spec:
          clusterRef: {name: reference}
          guest: {kind: VM, vmid: 101}
          state: started
        """);
    stage.apply(
        """
        apiVersion: pveha.io/v1alpha1
        kind: ReplicationJob
        metadata:
          name: db
        spec:
          clusterRef: {name: reference}
          guest: {vmid: 101}
          targets: {allOthers: true}
          schedule: "*/1"
          rpoSeconds: 120
        """);
    stage.until(
        "the VM to run with its replicas",
        () ->
            VirtualStage.is(stage.get(HaResource.class, "db"), ConditionType.READY, "True")
                && "2/2".equals(stage.get(ReplicationJob.class, "db").reported().jobsHealthy()),
        Duration.ofMinutes(5));
    stage.pass(Duration.ofMinutes(1));
    return stage;
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void guestsLeaveANodeWhoseDiskFailsWithinSeconds(PveVersion version) {
    try (VirtualStage stage = containerAndMachine(version, "")) {
      GuestWatch container = stage.watch(100);
      GuestWatch machine = stage.watch(101);

      stage.faults().disk("node1", "/dev/sdb", true, false);
      stage.until(
          "the condition",
          () -> stage.is("node1", NodeConditionType.DISKS_HEALTHY, "False"),
          DISKS.plusSeconds(3));
      Duration took = stage.until("node1 to be empty", () -> isEmpty(stage, "node1"), EMPTY);
      stage.pass(Duration.ofMinutes(5));

      System.out.printf(
          "%s: empty %d s after the disk was told to fail; container away %.1f s, VM %.1f s%n",
          version,
          took.toSeconds(),
          container.away().toMillis() / 1000.0,
          machine.away().toMillis() / 1000.0);
      assertThat(container.away())
          .as("away; with the loss of the node it is 129 to 190 s")
          .isLessThan(Duration.ofSeconds(20));
      assertThat(machine.outages()).isEmpty();
      assertThat(container.nodes()).hasSize(2);
      assertThat(machine.nodes()).hasSize(2);
      assertThat(moves(stage)).containsOnly(Map.entry("100", 1L), Map.entry("101", 1L));
      assertThat(stage.truth().violations()).isEmpty();
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** One after the other, each wherever the guest is then. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void everySignalEmptiesItsNodeAfterItsDuration(PveVersion version) {
    String rules = TROUBLES.stream().map(Trouble::rule).collect(Collectors.joining(", "));
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference("health: {healthyDelaySeconds: 0, rules: [%s]}".formatted(rules));
      stage.awaitReference();
      for (Trouble trouble : TROUBLES) {
        GuestWatch guest = stage.watch(100);
        String node = guest.nodes().get(0);
        trouble.fault().set(stage, node, true);
        stage.until(
            "%s of %s".formatted(trouble.type(), node),
            () -> stage.is(node, trouble.type(), trouble.status()),
            trouble.poll().plusSeconds(4));
        stage.pass(Duration.ofSeconds(15));
        assertThat(stage.cluster().reported().moves())
            .as("moves before %s lasted", trouble.type())
            .allMatch(move -> move.finishedAt() != null);
        stage.until(
            "%s of %s to move the guest".formatted(trouble.type(), node),
            () -> guest.answers() && !guest.nodes().equals(List.of(node)) && isEmpty(stage, node),
            EMPTY);
        assertThat(guest.away())
            .as("away for %s", trouble.type())
            .isLessThan(Duration.ofSeconds(40));
        assertThat(guest.nodes()).hasSize(2);
        trouble.fault().set(stage, node, false);
        stage.until(
            "%s to be used again".formatted(node),
            () -> stage.is(node, NodeConditionType.CORDONED, "False"),
            trouble.poll().plusMinutes(1));
        stage.pass(Duration.ofMinutes(2));
        guest.end();
      }
      assertThat(moves(stage)).containsOnly(Map.entry("100", (long) TROUBLES.size()));
      assertThat(stage.truth().violations()).isEmpty();
    }
  }

  /** Its storage can't be read, so no move would succeed; one that is tried would stop it. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void guestThatCantBeReplicatedStaysUpAndSaysWhy(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      GuestWatch guest = stage.watch(100);

      stage.faults().storage("node1", "tank", false);
      stage.pass(Duration.ofMinutes(8));

      assertThat(stage.is("node1", NodeConditionType.CORDONED, "True")).isTrue();
      assertThat(stage.cluster().reported().moves())
          .extracting(move -> move.message())
          .anyMatch(message -> message.contains("replication to") && message.contains("stays"));
      assertThat(moves(stage)).isEmpty();
      assertThat(guest.outages()).isEmpty();
    }
  }

  /** In the middle of each thing it asks, or saves, the operator dies and another takes over. */
  @Test
  void nobodyMovesTwiceWhereverTheOperatorDies() {
    int writes = evacuation(-1, false);
    assertThat(writes).isGreaterThanOrEqualTo(3);
    for (int at = 1; at <= writes; at++) {
      evacuation(at, false);
      evacuation(at, true);
    }
  }

  /** Evacuates with a death at this write; tells how many writes there were. */
  private static int evacuation(int deathAt, boolean afterIt) {
    try (VirtualStage stage = VirtualStage.of(PveVersion.V9_1)) {
      stage.applyReference(ON_DEGRADED_POOLS);
      stage.awaitReference();
      GuestWatch container = stage.watch(100);
      int before = stage.writes().size();
      AtomicInteger count = new AtomicInteger();
      stage.around(
          write -> {
            if (!afterIt && count.incrementAndGet() == deathAt) {
              throw new OperatorDied("before " + write);
            }
          },
          write -> {
            if (afterIt && count.incrementAndGet() == deathAt) {
              throw new OperatorDied("after " + write);
            }
          },
          () -> {});

      stage.faults().pool("node1", "tank", "DEGRADED");
      stage.until(
          "node1 to be empty, died %s write %d".formatted(afterIt ? "after" : "before", deathAt),
          () -> isEmpty(stage, "node1"),
          EMPTY.plusSeconds(40));
      stage.pass(Duration.ofMinutes(3));

      assertThat(container.nodes()).hasSize(2);
      assertThat(moves(stage)).containsOnly(Map.entry("100", 1L));
      assertThat(stage.truth().violations()).isEmpty();
      return stage.writes().size() - before;
    }
  }

  /** The same for each status it saves on the way. */
  @Test
  void nobodyMovesTwiceWhicheverStatusWasTheLast() {
    for (int at = 1; at <= 6; at++) {
      try (VirtualStage stage = VirtualStage.of(PveVersion.V8_3)) {
        stage.applyReference(ON_DEGRADED_POOLS);
        stage.awaitReference();
        GuestWatch container = stage.watch(100);
        stage.faults().pool("node1", "tank", "DEGRADED");
        int deathAt = at;
        AtomicInteger count = new AtomicInteger();
        stage.around(
            write -> {},
            write -> {},
            () -> {
              if (count.incrementAndGet() == deathAt) {
                throw new OperatorDied("after saving a status");
              }
            });
        stage.until("node1 to be empty", () -> isEmpty(stage, "node1"), EMPTY);
        stage.pass(Duration.ofMinutes(3));

        assertThat(container.nodes()).as("died at status %d", at).hasSize(2);
        assertThat(moves(stage)).containsOnly(Map.entry("100", 1L));
        assertThat(stage.truth().violations()).isEmpty();
      }
    }
  }

  private static boolean isEmpty(VirtualStage stage, String node) {
    return stage.truth().guests().stream()
            .noneMatch(guest -> guest.runningOn().contains(node) || guest.runningOn().isEmpty())
        && stage.cluster().reported().moves().stream().allMatch(move -> move.finishedAt() != null);
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
