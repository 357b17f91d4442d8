package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.NodeConditionType;
import io.pveha.simulator.faults.Faults;
import io.pveha.simulator.machine.ApiFault;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.world.NodeHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every signal of a node's health: brought about, seen within one poll, and gone again when it is
 * mended. Nothing is done about any of them here.
 */
class NodeSignalsTest {

  private static final Duration FAST = Duration.ofSeconds(2);
  private static final Duration OFTEN = Duration.ofSeconds(5);
  private static final Duration SELDOM = Duration.ofSeconds(15);
  private static final Duration DISKS = Duration.ofMinutes(5);

  /** For the calls of a loop, and the patience with a node that takes them and does not answer. */
  private static final Duration ROUND = Duration.ofSeconds(5);

  private static final Duration MEMBERSHIP = Duration.ofSeconds(8);
  private static final Duration AGENT_PATIENCE = Duration.ofSeconds(35);

  /** A fault of node2, and the condition that tells of it. */
  private record Signal(
      NodeConditionType type,
      String bad,
      Duration poll,
      Consumer<Faults> fault,
      Consumer<Faults> mended) {}

  private static List<Signal> signals(VirtualStage stage) {
    List<Signal> signals = new ArrayList<>();
    signals.add(
        new Signal(
            NodeConditionType.REACHABLE,
            "False",
            FAST,
            faults -> faults.api("node2", new ApiFault(ApiFault.Kind.HANGING, Duration.ZERO, 0)),
            faults -> faults.api("node2", ApiFault.NONE)));
    signals.add(
        new Signal(
            NodeConditionType.MEMBER,
            "False",
            MEMBERSHIP.plus(FAST),
            faults -> faults.network("node2", Faults.Direction.BOTH, false),
            faults -> faults.network("node2", Faults.Direction.BOTH, true)));
    signals.add(service(NodeConditionType.AGENT_ALIVE, AGENT_PATIENCE.plus(FAST), "pve-ha-lrm"));
    signals.add(service(NodeConditionType.SERVICES_HEALTHY, OFTEN, "pvescheduler"));
    signals.add(pool(NodeConditionType.POOLS_HEALTHY, "DEGRADED"));
    signals.add(pool(NodeConditionType.POOLS_USABLE, "SUSPENDED"));
    signals.add(
        new Signal(
            NodeConditionType.STORAGE_ACTIVE,
            "False",
            OFTEN,
            faults -> faults.storage("node2", "tank", false),
            faults -> faults.storage("node2", "tank", true)));
    signals.add(
        new Signal(
            NodeConditionType.DISKS_HEALTHY,
            "False",
            DISKS,
            faults -> faults.disk("node2", "/dev/sdb", true, false),
            faults -> faults.disk("node2", "/dev/sdb", false, false)));
    signals.add(
        new Signal(
            NodeConditionType.DISKS_WORN,
            "True",
            DISKS,
            faults -> faults.wear("node2", "/dev/sda", 3),
            faults -> faults.wear("node2", "/dev/sda", 90)));
    signals.add(
        new Signal(
            NodeConditionType.LINKS_UP,
            "False",
            SELDOM,
            faults -> faults.link("node2", 1, false),
            faults -> faults.link("node2", 1, true)));
    signals.add(
        new Signal(
            NodeConditionType.TIME_IN_SYNC,
            "False",
            SELDOM,
            faults -> faults.clock("node2", Duration.ofMinutes(2)),
            faults -> faults.clock("node2", Duration.ZERO)));
    signals.add(
        new Signal(
            NodeConditionType.CERTIFICATE_VALID,
            "False",
            SELDOM,
            faults ->
                faults.certificateEnds("node2", stage.time.instant().plus(Duration.ofDays(3))),
            faults -> faults.certificateEnds("node2", null)));
    signals.add(
        new Signal(
            NodeConditionType.MEMORY_PRESSURE,
            "True",
            SELDOM,
            faults -> faults.memory("node2", 0.97),
            faults -> faults.memory("node2", -1)));
    signals.add(
        new Signal(
            NodeConditionType.ROOT_DISK_PRESSURE,
            "True",
            SELDOM,
            faults -> faults.rootDisk("node2", 0.97),
            faults -> faults.rootDisk("node2", -1)));
    signals.add(
        new Signal(
            NodeConditionType.MAINTENANCE,
            "True",
            // The HA manager takes the command up in its next round.
            Duration.ofSeconds(10).plus(FAST),
            faults -> maintenance(stage, true),
            faults -> maintenance(stage, false)));
    return signals;
  }

  private static Signal service(NodeConditionType type, Duration poll, String service) {
    return new Signal(
        type,
        "False",
        poll,
        faults -> faults.service("node2", service, false),
        faults -> faults.service("node2", service, true));
  }

  private static Signal pool(NodeConditionType type, String state) {
    return new Signal(
        type,
        "False",
        OFTEN,
        faults -> faults.pool("node2", "tank", state),
        faults -> faults.pool("node2", "tank", "ONLINE"));
  }

  private static void maintenance(VirtualStage stage, boolean on) {
    NodeHost shell = stage.simulator.world().node("node3");
    stage
        .simulator
        .world()
        .request(
            () -> {
              shell.ha().maintenance("node2", on);
              return null;
            });
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void isSeenWithinOnePollAndGoesWhenItIsMended(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference("health: {paused: [signals are watched]}");
      stage.awaitReference();
      GuestWatch guest = stage.watch(100);
      for (Signal signal : signals(stage)) {
        String good = signal.bad().equals("True") ? "False" : "True";
        stage.until(
            signal.type() + " to be well",
            () -> stage.is("node2", signal.type(), good),
            Duration.ofMinutes(6));
        signal.fault().accept(stage.faults());
        stage.until(
            signal.type() + " to be " + signal.bad(),
            () -> stage.is("node2", signal.type(), signal.bad()),
            signal.poll().plus(ROUND));
        assertThat(stage.condition("node2", signal.type()).orElseThrow().getMessage()).isNotBlank();
        signal.mended().accept(stage.faults());
        stage.until(
            signal.type() + " to be well again",
            () -> stage.is("node2", signal.type(), good),
            signal.poll().plus(ROUND).plusSeconds(30));
      }
      assertThat(guest.nodes()).containsExactly("node1");
      assertThat(guest.outages()).isEmpty();
    }
  }

  /** The HA master's daemon ends; another one takes over when its lock is free. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void masterIsTheOneThatWorks(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference("health: {paused: [signals are watched]}");
      stage.awaitReference();
      String master = stage.cluster().reported().haMaster();

      stage.faults().service(master, "pve-ha-crm", false);

      stage.until(
          "the services to be seen",
          () -> stage.is(master, NodeConditionType.SERVICES_HEALTHY, "False"),
          OFTEN.plus(ROUND));
      stage.until(
          "another master",
          () -> !master.equals(stage.cluster().reported().haMaster()),
          Duration.ofSeconds(150));
    }
  }
}
