package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pool that was there is not recreated, empty, because a blank disk stands in its place. */
class LostPoolTest {

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final Duration LONG = Duration.ofMinutes(10);

  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void aBlankDiskInItsPlaceIsLeftBlankUntilItsOwnerAsks(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.manifests().secrets();
      stage.applyCluster("");
      stage.apply(stage.manifests().poolYaml());
      stage.until("the pool", () -> isReady(stage), SOON);
      assertThat(stage.pool().reported().node("node2").orElseThrow().presence().seenSince())
          .isNotNull();

      stage.faults().blankDisk("node2", "/dev/sdb", "BLANK1");
      stage.until("it is lost", () -> isLost(stage), SOON);
      stage.pass(LONG);
      stage.restartOperator();
      stage.pass(LONG);

      assertThat(isLost(stage)).isTrue();
      assertThat(VirtualStage.condition(stage.pool(), ConditionType.READY).orElseThrow())
          .satisfies(
              ready ->
                  assertThat(ready.getMessage()).contains("tank on node2", "pveha.io/recreate"));
      assertThat(stage.changes()).isEmpty();
      assertThat(stage.events())
          .filteredOn(event -> ConditionReason.POOL_LOST.text().equals(event.getReason()))
          .singleElement()
          .satisfies(event -> assertThat(event.getType()).isEqualTo("Warning"));

      String order = stage.time.instant().truncatedTo(ChronoUnit.SECONDS).toString();
      stage.annotate(stage.pool(), ApiNames.RECREATE, order);
      stage.until("the pool", () -> isReady(stage), SOON);
      assertThat(stage.changes()).containsExactly("POST /nodes/node2/disks/zfs");

      // The same order makes nothing a second time.
      stage.pass(SOON);
      stage.faults().blankDisk("node2", "/dev/sdb", "BLANK2");
      stage.until("it is lost", () -> isLost(stage), SOON);
      stage.pass(LONG);
      assertThat(isLost(stage)).isTrue();
      assertThat(stage.changes()).hasSize(1);
      assertThat(stage.failures()).isEmpty();
    }
  }

  /** A status can be lost; an entry that names the node says that its pool was there. */
  @ParameterizedTest
  @EnumSource(
      value = PveVersion.class,
      names = {"V8_3", "V9_1"})
  void noEmptyOneIsMadeForAnObjectThatIsAppliedAgain(PveVersion version) {
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.manifests().secrets();
      stage.applyCluster("");
      stage.apply(stage.manifests().poolYaml());
      stage.until("the pool", () -> isReady(stage), SOON);
      stage.client.resource(stage.pool()).delete();
      stage.until("its end", () -> stage.pool() == null, SOON);

      stage.faults().blankDisk("node2", "/dev/sdb", "BLANK1");
      stage.apply(stage.manifests().poolYaml());
      stage.until("it is lost", () -> isLost(stage), SOON);
      stage.pass(LONG);
      assertThat(stage.changes()).isEmpty();
      assertThat(stage.failures()).isEmpty();
    }
  }

  private static boolean isReady(VirtualStage stage) {
    return VirtualStage.is(stage.pool(), ConditionType.READY, "True");
  }

  private static boolean isLost(VirtualStage stage) {
    return VirtualStage.is(stage.pool(), ConditionType.STALLED, "True")
        && VirtualStage.isBecause(
            stage.pool(), ConditionType.STALLED, ConditionReason.POOL_LOST.text())
        && VirtualStage.isBecause(
            stage.pool(), ConditionType.POOLS_HEALTHY, ConditionReason.POOL_LOST.text());
  }
}
