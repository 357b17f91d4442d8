package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.GuestOutcome;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.GuestReadiness;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Readiness;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a ProxmoxCluster says in advance about the loss of a node, and what then happens. */
class ReadinessInStatusTest {

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void guestComesBackWhereAndWhenItWasForetold(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference();
      stage.awaitReference();
      stage.pass(Duration.ofMinutes(3));
      String home = stage.guest().reported().node();
      Readiness foretold = loss(stage, home);
      GuestReadiness web = foretold.guests().get(0);
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.FAILOVER_READY, "True"))
          .as(stage.table())
          .isTrue();
      assertThat(web.outcome()).isEqualTo(GuestOutcome.RECOVERED);
      GuestWatch guest = stage.watch(100);

      stage.faults().power(home, false);
      stage.pass(Duration.ofMinutes(5));

      assertThat(stage.guest().reported().node()).isEqualTo(web.target());
      assertThat(guest.away().toSeconds())
          .isBetween(web.outageSeconds() - 10, web.outageSeconds() + 10);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void guestWithoutReplicaIsSaidToBeStrandedUntilItHasOne(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      Stage manifests = stage.manifests();
      manifests.secrets();
      stage.apply(manifests.clusterYaml("Adopt", "simulated"));
      stage.apply(manifests.poolYaml());
      stage.apply(manifests.guestYaml());
      stage.pass(Duration.ofMinutes(3));
      GuestReadiness web = loss(stage, "node1").guests().get(0);

      assertThat(web.outcome()).as(stage.table()).isEqualTo(GuestOutcome.STRANDED);
      assertThat(web.message()).contains("no replica of its disks", "Replicate ct:100 to node");
      assertThat(
              VirtualStage.isBecause(
                  stage.cluster(),
                  ConditionType.FAILOVER_READY,
                  ConditionReason.GUESTS_STRANDED.text()))
          .isTrue();

      stage.apply(manifests.replicationYaml());
      stage.pass(Duration.ofMinutes(3));
      assertThat(VirtualStage.is(stage.cluster(), ConditionType.FAILOVER_READY, "True"))
          .as(stage.table())
          .isTrue();
    }
  }

  private static Readiness loss(VirtualStage stage, String node) {
    return stage.cluster().reported().failoverReadiness().stream()
        .filter(row -> row.node().equals(node))
        .findFirst()
        .orElseThrow(() -> new AssertionError(stage.table()));
  }
}
