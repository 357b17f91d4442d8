package io.pveha.core.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.ha.LrmStatus.LrmMode;
import io.pveha.core.ha.ServiceStep.Decision;
import io.pveha.core.placement.NodeSelection.Preference;
import io.pveha.core.placement.ServiceId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guards and actions of single states, without a cluster. */
class ServiceMachineTest {

  private static final ServiceId SID = ServiceId.of("vm:101");

  private final FakeCluster cluster = new FakeCluster();
  private ServiceConfig config = ServiceConfig.on("node1", RequestedState.STARTED);
  private Integer result;

  private static final class FakeCluster implements ServiceFacts.Cluster {
    private final Map<String, NodeState> states = new HashMap<>();
    private final Map<String, LrmMode> modes = new HashMap<>();
    private boolean down;
    private String choice = "node1";
    private Preference asked;
    private int uids;

    @Override
    public NodeState nodeState(String node) {
      return states.getOrDefault(node, NodeState.ONLINE);
    }

    @Override
    public boolean isDown(String node) {
      return down && nodeState(node) != NodeState.ONLINE;
    }

    @Override
    public LrmMode lrmMode(String node) {
      return modes.get(node);
    }

    @Override
    public String select(
        ServiceId sid, ServiceRecord record, ServiceConfig config, Preference preference) {
      asked = preference;
      return choice;
    }

    @Override
    public String guestLock(ServiceId sid) {
      return null;
    }

    @Override
    public String newUid() {
      uids++;
      return "uid" + uids;
    }
  }

  private Decision look(ServiceRecord record) {
    return ServiceMachine.look(new ServiceFacts(SID, record, config, result, false, cluster));
  }

  private static ServiceRecord in(ServiceState state) {
    return ServiceRecord.of(state, "node1", "uid0");
  }

  private static List<Kind> told(Decision decision) {
    return decision.steps().stream()
        .filter(ServiceStep.Say.class::isInstance)
        .map(step -> ((ServiceStep.Say) step).event().kind())
        .toList();
  }

  private void nodeDies() {
    cluster.states.put("node1", NodeState.UNKNOWN);
    cluster.down = true;
  }

  @Test
  void wrongNodeDuringAMoveMeansErrorAndThenFenceWhenTheNodeIsDownToo() {
    nodeDies();
    result = ExitCode.WRONG_NODE;

    Decision decision = look(in(ServiceState.MIGRATE).withTarget("node2"));

    assertThat(decision.record().state()).isEqualTo(ServiceState.FENCE);
    assertThat(told(decision))
        .containsExactly(Kind.MOVE_FAILED, Kind.SERVICE_STATE, Kind.SERVICE_STATE);
  }

  @Test
  void ignoredRebalanceOnADeadNodeGoesOnToFence() {
    nodeDies();
    result = ExitCode.IGNORED;

    Decision decision = look(in(ServiceState.REQUEST_START_BALANCE).withTarget("node2"));

    assertThat(decision.record().state()).isEqualTo(ServiceState.FENCE);
    assertThat(told(decision))
        .containsExactly(Kind.REBALANCE_IGNORED, Kind.SERVICE_STATE, Kind.SERVICE_STATE);
  }

  @Test
  void otherFailureOfAMoveStopsBeforeTheNodeIsLookedAt() {
    nodeDies();
    result = ExitCode.ERROR;

    assertThat(look(in(ServiceState.RELOCATE).withTarget("node2")).record().state())
        .isEqualTo(ServiceState.STARTED);
  }

  @Test
  void everyChangeOfStateForgetsWhatBelongedToTheOldOne() {
    config = config.withState(RequestedState.DISABLED);
    ServiceRecord record =
        in(ServiceState.STARTED)
            .withRunning(true)
            .withOrder(ServiceOrder.stop(3))
            .withFailedNode("node2")
            .withMaintenanceNode("node3");

    ServiceRecord next = look(record).record();

    assertThat(next)
        .isEqualTo(
            ServiceRecord.of(ServiceState.REQUEST_STOP, "node1", "uid1")
                .withFailedNode("node2")
                .withMaintenanceNode("node3"));
  }

  @Test
  void changingIntoTheSameStateIsAnInternalError() {
    ServiceTurn turn =
        new ServiceTurn(
            new ServiceFacts(SID, in(ServiceState.FENCE), config, null, false, cluster));
    assertThatThrownBy(() -> turn.become(ServiceState.FENCE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("vm:101");
  }

  @Test
  void confirmedStartSetsRunningAndConsumesTheResult() {
    result = ExitCode.SUCCESS;

    ServiceRecord next = look(in(ServiceState.STARTED)).record();

    assertThat(next.running()).isTrue();
    assertThat(next.uid()).isEqualTo("uid1");
    assertThat(cluster.asked).isEqualTo(Preference.STAY);
  }

  @Test
  void failedStartDropsRunningAndAsksForTheNextNode() {
    result = ExitCode.ERROR;
    cluster.choice = "node2";

    Decision decision = look(in(ServiceState.STARTED).withRunning(true));

    assertThat(cluster.asked).isEqualTo(Preference.NEXT);
    assertThat(decision.record())
        .isEqualTo(
            ServiceRecord.of(ServiceState.MIGRATE, "node1", "uid1")
                .withTarget("node2")
                .withFailedNode("node1"));
  }

  @Test
  void failedNodesMayRepeatAndCountAgainstMaxRelocate() {
    result = ExitCode.ERROR;

    Decision decision = look(in(ServiceState.STARTED).withFailedNode("node1"));

    assertThat(decision.record().state()).isEqualTo(ServiceState.ERROR);
    assertThat(decision.record().failedNodes()).containsExactly("node1", "node1");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 2, 4, 5, 6, 7, 8})
  void anyOtherCodeOfAStartIsUnrecoverable(int code) {
    result = code;
    Decision decision = look(in(ServiceState.STARTED));
    assertThat(decision.record().state()).isEqualTo(ServiceState.ERROR);
    assertThat(told(decision)).contains(Kind.SERVICE_UNRECOVERABLE);
  }

  @Test
  void errorKeepsFailedNodesUntilDisabledDropsThem() {
    ServiceRecord broken = in(ServiceState.ERROR).withFailedNode("node1");
    assertThat(look(broken).record()).isEqualTo(broken);

    config = config.withState(RequestedState.DISABLED);

    assertThat(look(broken).record().state()).isEqualTo(ServiceState.STOPPED);
    assertThat(look(broken).record().failedNodes()).isEmpty();
  }

  @Test
  void startedOnADeadMaintainedNodeMovesStraightFromFence() {
    cluster.states.put("node1", NodeState.MAINTENANCE);
    cluster.down = true;
    cluster.choice = "node2";

    Decision decision = look(in(ServiceState.STARTED));

    assertThat(decision.record())
        .isEqualTo(
            ServiceRecord.of(ServiceState.MIGRATE, "node1", "uid2")
                .withTarget("node2")
                .withMaintenanceNode("node1"));
    assertThat(told(decision))
        .containsExactly(Kind.SERVICE_STATE, Kind.MOVE_DECIDED, Kind.SERVICE_STATE);
  }

  @Test
  void startedOnANodeAwayForAMomentWaits() {
    cluster.states.put("node1", NodeState.UNKNOWN);
    config = config.withState(RequestedState.STOPPED);
    ServiceRecord record = in(ServiceState.STARTED);
    assertThat(look(record)).isEqualTo(new Decision(record, List.of()));
  }

  @Test
  void stoppedOnADeadNodeInMaintenanceIsNotFenced() {
    config = config.withState(RequestedState.STOPPED);
    cluster.states.put("node1", NodeState.MAINTENANCE);
    cluster.down = true;
    assertThat(look(in(ServiceState.STOPPED)).record().state()).isEqualTo(ServiceState.STOPPED);
  }

  @ParameterizedTest
  @EnumSource(
      value = ServiceState.class,
      names = {"STOPPED", "REQUEST_STOP", "STARTED"})
  void settledServicesFreezeWhileTheirLrmRestarts(ServiceState state) {
    cluster.modes.put("node1", LrmMode.RESTART);
    config =
        config.withState(
            state == ServiceState.STARTED ? RequestedState.STARTED : RequestedState.STOPPED);
    assertThat(look(in(state)).record().state()).isEqualTo(ServiceState.FREEZE);
  }

  @ParameterizedTest
  @EnumSource(
      value = LrmMode.class,
      names = {"ACTIVE"},
      mode = EnumSource.Mode.EXCLUDE)
  void frozenServicesWaitUntilTheirLrmIsActive(LrmMode mode) {
    cluster.modes.put("node1", mode);
    assertThat(look(in(ServiceState.FREEZE)).record().state()).isEqualTo(ServiceState.FREEZE);
    cluster.modes.put("node1", LrmMode.ACTIVE);
    assertThat(look(in(ServiceState.FREEZE)).record().state()).isEqualTo(ServiceState.STARTED);
  }

  @Test
  void recoveryTakesTheConfigurationFromTheDeadNode() {
    cluster.choice = "node2";
    Decision decision = look(in(ServiceState.RECOVERY));
    assertThat(decision.steps()).contains(new ServiceStep.TakeConfiguration("node1", "node2"));
    assertThat(decision.record().node()).isEqualTo("node2");
  }

  @Test
  void decidingTwiceFromTheSameFactsGivesTheSame() {
    result = ExitCode.ERROR;
    Decision first = look(in(ServiceState.STARTED));
    cluster.uids = 0;
    assertThat(look(in(ServiceState.STARTED))).isEqualTo(first);
  }
}
