package io.pveha.core.ha;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.ha.CrmDaemon.CrmState;
import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.ha.ServiceOrder.Verb;
import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.ResourceAffinityRule;
import io.pveha.core.placement.SchedulerMode;
import io.pveha.core.placement.ServiceId;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrmDaemonTest {

  private final FakeWorld world =
      new FakeWorld().with("vm:101", ServiceConfig.on("node1", RequestedState.STARTED));
  private final CrmDaemon crm = new CrmDaemon(world, HaTimings.proxmox());

  private void turn() {
    crm.iterate(world.after(10));
  }

  @Test
  void becomesMasterAndOpensItsWatchdog() {
    turn();
    assertThat(crm.state()).isEqualTo(CrmState.MASTER);
    assertThat(world.watchdogs).containsExactly(HaDaemon.CRM);
    assertThat(world.status.masterNode()).isEqualTo("node1");
  }

  @Test
  void waitsWithoutQuorum() {
    world.quorate = false;
    turn();
    assertThat(crm.state()).isEqualTo(CrmState.WAIT_FOR_QUORUM);
  }

  @Test
  void doesNotActWhileItsOwnNodeIsToBeFenced() {
    world.record("vm:101", ServiceRecord.of(ServiceState.FENCE, "node1", "u"));
    turn();
    assertThat(crm.state()).isEqualTo(CrmState.WAIT_FOR_QUORUM);
  }

  @Test
  void losesEverythingInTheTurnInWhichTheLockIsRefused() {
    turn();
    world.quorate = false;
    turn();
    assertThat(crm.state()).isEqualTo(CrmState.WAIT_FOR_QUORUM);
    assertThat(world.watchdogs).isEmpty();
    assertThat(world.told(Kind.DAEMON_STATE))
        .extracting(event -> event.facts().get("to"))
        .containsExactly("wait_for_quorum", "master", "lost_manager_lock", "wait_for_quorum");
  }

  @Test
  void tellsOfAChangedScheduler() {
    turn();
    assertThat(world.told(Kind.SCHEDULER_MODE)).as("basic is not told").isEmpty();
    DatacenterOptions.Crs usual = DatacenterOptions.Crs.DEFAULT;
    world.datacenter =
        new DatacenterOptions(
            "conditional",
            new DatacenterOptions.Crs(
                SchedulerMode.STATIC, false, false, usual.method(), 0.3, 3, 0.1));
    turn();
    turn();
    assertThat(world.told(Kind.SCHEDULER_MODE)).hasSize(1);
    assertThat(world.told(Kind.SCHEDULER_FALLBACK)).as("no node has figures").hasSize(2);
  }

  @Test
  void leavesTheStatusUnwrittenWhenARoundFails() {
    world.record("vm:101", ServiceRecord.of(ServiceState.RECOVERY, "node1", "u"));
    world.services.put(ServiceId.of("vm:101"), ServiceConfig.on("node2", RequestedState.STARTED));
    ManagerStatus before = world.status;

    turn();

    assertThat(world.told(Kind.INTERNAL_ERROR)).hasSize(1);
    assertThat(world.status).isSameAs(before);
    assertThat(crm.state()).isEqualTo(CrmState.MASTER);
  }

  @Test
  void endsItsRoundWhenItIsNotOnlineItself() {
    world.online.remove("node1");
    world.commands.add(new CrmCommand.Maintenance("node2", true));
    turn();
    assertThat(world.told(Kind.ROUND_SKIPPED)).hasSize(1);
    assertThat(world.commands).as("kept for the next master").hasSize(1);
    assertThat(world.status).isEqualTo(ManagerStatus.EMPTY);
  }

  @Test
  void goesIdleInTheNinetyFirstRoundWithoutServices() {
    turn();
    world.services.clear();
    turn();
    for (int round = 0; round < 90; round++) {
      turn();
    }
    assertThat(crm.state()).isEqualTo(CrmState.MASTER);
    turn();
    assertThat(crm.state()).isEqualTo(CrmState.WAIT_FOR_QUORUM);
    assertThat(world.watchdogs).isEmpty();
  }

  @Test
  void uidsOfTwoTermsOnOneNodeDiffer() {
    turn();
    String first = world.status.services().get(ServiceId.of("vm:101")).uid();
    world.quorate = false;
    turn();
    world.quorate = true;
    world.status = ManagerStatus.EMPTY;
    turn();
    assertThat(world.status.services().get(ServiceId.of("vm:101")).uid()).isNotEqualTo(first);
  }

  @Test
  void saysThatItDoesNotUnderstandACommand() {
    world.commands.add(CrmCommand.parse("fly vm:101 node2"));
    turn();
    assertThat(world.told(Kind.CRM_COMMAND))
        .singleElement()
        .satisfies(event -> assertThat(event.facts()).containsEntry("reason", "unparsable"));
  }

  @Test
  void aPartnerOnItsWayToTheTargetStillBlocks() {
    HaRule apart =
        ResourceAffinityRule.of(
            "apart",
            List.of(ServiceId.of("vm:101"), ServiceId.of("vm:102")),
            ResourceAffinityRule.Affinity.NEGATIVE);
    world.rules = List.of(apart);
    world.with("vm:102", ServiceConfig.on("node2", RequestedState.STARTED));
    turn();
    world.commands.add(new CrmCommand.Move(Verb.MIGRATE, ServiceId.of("vm:101"), "node2"));
    turn();
    assertThat(world.told(Kind.CRM_COMMAND))
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.facts())
                    .containsEntry("reason", "negativeAffinity")
                    .containsEntry("with", "vm:101"));
  }

  @Test
  void endsAfterGivingBackTheLock() {
    turn();
    crm.requestShutdown();
    assertThat(crm.iterate(world.after(10))).isEqualTo(DaemonTurn.EXITED);
    assertThat(world.locks.holder(HaLock.MANAGER)).isNull();
    assertThat(world.watchdogs).isEmpty();
  }
}
