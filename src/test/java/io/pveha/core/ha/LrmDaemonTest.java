package io.pveha.core.ha;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.ha.GuestAction.Kind;
import io.pveha.core.ha.LrmStatus.LrmMode;
import io.pveha.core.ha.LrmStatus.LrmState;
import io.pveha.core.placement.ServiceId;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LrmDaemonTest {

  private final FakeWorld world = new FakeWorld();
  private LrmDaemon lrm = new LrmDaemon(world, HaTimings.proxmox().withMaxWorkers(2));

  private DaemonTurn turn() {
    return lrm.iterate(world.after(10));
  }

  private void service(String sid, ServiceState state) {
    world.with(sid, ServiceConfig.on("node1", RequestedState.STARTED));
    world.record(sid, ServiceRecord.of(state, "node1", "uid-" + sid));
  }

  private static ServiceId id(String sid) {
    return ServiceId.of(sid);
  }

  @Test
  void doesNothingBeforeItsFirstWriteWorked() {
    world.quorate = false;
    turn();
    assertThat(world.statusReads).isZero();
    world.quorate = true;
    turn();
    assertThat(world.statusReads).isPositive();
    assertThat(world.lrms).containsKey("node1");
  }

  @Test
  void aServiceThatOnlyWaitsForANodeNeedsNoLrm() {
    service("vm:101", ServiceState.REQUEST_START);
    turn();
    assertThat(lrm.state()).isEqualTo(LrmState.WAIT_FOR_AGENT_LOCK);
    service("vm:101", ServiceState.STARTED);
    turn();
    assertThat(lrm.state()).isEqualTo(LrmState.ACTIVE);
    assertThat(world.watchdogs).containsExactly(HaDaemon.LRM);
  }

  @Test
  void runsAsManyJobsAtATimeAsItHasWorkersLongestWaitingFirst() {
    world.actionsTakeTime = true;
    service("vm:102", ServiceState.STARTED);
    service("vm:103", ServiceState.STARTED);
    service("vm:104", ServiceState.STARTED);
    turn();
    assertThat(begun()).containsExactly("vm:102", "vm:103");
    assertThat(lrm.hasRunningJobs()).isTrue();

    service("vm:101", ServiceState.STARTED);
    turn();
    assertThat(begun()).as("both workers are busy").hasSize(2);

    world.actionsFinish = true;
    turn();
    assertThat(begun())
        .as("vm:104 has waited longer than vm:101")
        .containsExactly("vm:102", "vm:103", "vm:104", "vm:101");
    assertThat(world.lrms.get("node1").results()).containsKeys("uid-vm:102", "uid-vm:103");
  }

  @Test
  void offlineMoveOfARunningGuestStopsItFirst() {
    service("ct:101", ServiceState.RELOCATE);
    world.record(
        "ct:101", ServiceRecord.of(ServiceState.RELOCATE, "node1", "move").withTarget("node2"));
    world.running.add(id("ct:101"));
    world.actionsTakeTime = true;
    turn();
    assertThat(world.begun).extracting(GuestAction::kind).containsExactly(Kind.STOP);
    world.actionsFinish = true;
    turn();
    turn();
    assertThat(world.begun)
        .extracting(GuestAction::kind)
        .containsExactly(Kind.STOP, Kind.MOVE_OFFLINE);
    assertThat(world.services.get(id("ct:101")).node()).isEqualTo("node2");
    assertThat(world.lrms.get("node1").results().get("move").exitCode()).isZero();
  }

  @Test
  void reportsAMoveWithoutTargetAsCrashed() {
    service("vm:101", ServiceState.MIGRATE);
    turn();
    assertThat(world.lrms.get("node1").results().get("uid-vm:101").exitCode())
        .isEqualTo(ExitCode.CRASHED);
  }

  @Test
  void aServiceWithoutConfigurationIsUnknown() {
    service("vm:101", ServiceState.STARTED);
    world.services.clear();
    turn();
    assertThat(world.lrms.get("node1").results().get("uid-vm:101").exitCode())
        .isEqualTo(ExitCode.UNKNOWN_SERVICE);
  }

  @Test
  void letsGoWhenItsNodeIsToBeFenced() {
    service("vm:101", ServiceState.STARTED);
    turn();
    world.nodeState("node1", NodeState.FENCE);
    turn();
    assertThat(lrm.state()).isEqualTo(LrmState.LOST_AGENT_LOCK);
    assertThat(world.watchdogs).as("goes on ticking").containsExactly(HaDaemon.LRM);
  }

  @Test
  void endsWithoutServicesEvenThoughItsLockIsLost() {
    service("vm:101", ServiceState.STARTED);
    turn();
    world.quorate = false;
    turn();
    assertThat(lrm.state()).isEqualTo(LrmState.LOST_AGENT_LOCK);
    world.status = ManagerStatus.EMPTY;
    lrm.requestShutdown(ShutdownKind.RESTART, world.now);
    assertThat(turn()).isEqualTo(DaemonTurn.EXITED);
    assertThat(world.watchdogs).isEmpty();
  }

  @Test
  void aRestartWithALostLockGivesUpAfterNinetySeconds() {
    service("vm:101", ServiceState.STARTED);
    turn();
    world.quorate = false;
    turn();
    lrm.requestShutdown(ShutdownKind.RESTART, world.now);
    for (int waited = 10; waited <= 90; waited += 10) {
      assertThat(turn()).as("after %d s", waited).isEqualTo(DaemonTurn.GOES_ON);
    }
    assertThat(turn()).isEqualTo(DaemonTurn.EXITED);
  }

  @Test
  void aFailedStopKeepsWatchdogAndLockAtShutdown() {
    service("vm:101", ServiceState.STARTED);
    turn();
    world.guestLocks.put(id("vm:101"), "backup");
    lrm.requestShutdown(ShutdownKind.SHUTDOWN, world.now);
    assertThat(turn()).isEqualTo(DaemonTurn.EXITED);
    assertThat(world.watchdogs).containsExactly(HaDaemon.LRM);
    assertThat(world.locks.holder(HaLock.agentOf("node1"))).isEqualTo("node1");
  }

  @Test
  void theModeOfTheFirstShutdownRequestStays() {
    service("vm:101", ServiceState.STARTED);
    turn();
    lrm.requestShutdown(ShutdownKind.SHUTDOWN, world.now);
    lrm.requestShutdown(ShutdownKind.REBOOT, world.now);
    assertThat(lrm.mode()).isEqualTo(LrmMode.SHUTDOWN);
    assertThat(world.lrms.get("node1").mode()).as("written at once").isEqualTo(LrmMode.SHUTDOWN);
  }

  @Test
  void maintenanceIsAskedForByTheManagerAndComesBeforeDisarming() {
    world.status =
        new ManagerStatus(
            "node2",
            world.now,
            world.status.nodes(),
            world.status.services(),
            new TreeSet<>(List.of("node1")),
            new Disarm(Disarm.Mode.FREEZE, false));
    turn();
    assertThat(lrm.mode()).isEqualTo(LrmMode.MAINTENANCE);
    world.status = ManagerStatus.EMPTY;
    turn();
    assertThat(lrm.mode()).isEqualTo(LrmMode.ACTIVE);
  }

  @Test
  void forgetsResultsThatNobodyAsksForAnyMore() {
    service("vm:101", ServiceState.STARTED);
    turn();
    world.record("vm:101", ServiceRecord.of(ServiceState.STARTED, "node1", "later"));
    turn();
    assertThat(world.lrms.get("node1").results()).containsOnlyKeys("later");
  }

  private List<String> begun() {
    return world.begun.stream().map(action -> action.sid().value()).toList();
  }
}
