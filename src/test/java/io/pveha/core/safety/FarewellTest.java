package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.safety.Farewell.Cluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FarewellTest {

  @ParameterizedTest
  @EnumSource(Cluster.class)
  void aPolicyThatAsksNothingHoldsNothing(Cluster cluster) {
    assertThat(Farewell.of(true, false, true, cluster)).isEqualTo(Farewell.LET_GO);
    assertThat(Farewell.LET_GO.untold(true, false, cluster)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Cluster.class)
  void whatItsOwnerGaveUpGoesAndIsTold(Cluster cluster) {
    assertThat(Farewell.of(false, true, true, cluster)).isEqualTo(Farewell.LET_GO);
    assertThat(Farewell.LET_GO.untold(false, true, cluster)).contains("released by its owner");
  }

  @Test
  void aPolicyIsNeverSkippedBecauseTheClusterCantBeWorkedWith() {
    assertThat(Farewell.of(false, false, true, Cluster.READY)).isEqualTo(Farewell.CARRY_OUT);
    assertThat(Farewell.of(false, false, true, Cluster.OUT_OF_REACH)).isEqualTo(Farewell.WAIT);
    assertThat(Farewell.of(false, false, true, Cluster.NEVER_FORMED_OR_GONE))
        .isEqualTo(Farewell.WAIT);
  }

  @Test
  void whatWasNeverWrittenHoldsNothing() {
    assertThat(Farewell.of(false, false, false, Cluster.NEVER_FORMED_OR_GONE))
        .isEqualTo(Farewell.LET_GO);
    assertThat(Farewell.of(false, false, false, Cluster.OUT_OF_REACH)).isEqualTo(Farewell.WAIT);
  }

  @Test
  void whatAnotherOwnsIsLeftToIt() {
    assertThat(Farewell.of(false, false, true, Cluster.TAKEN)).isEqualTo(Farewell.LET_GO);
    assertThat(Farewell.LET_GO.untold(false, false, Cluster.TAKEN)).isPresent();
  }

  @Test
  void theWordIsGivenByTheUidOfTheObject() {
    assertThat(Abandonment.isGiven("7f3c", "7f3c")).isTrue();
    assertThat(Abandonment.isGiven("true", "7f3c")).isFalse();
    assertThat(Abandonment.isGiven("", "7f3c")).isFalse();
    assertThat(Abandonment.isGiven(null, "7f3c")).isFalse();
  }
}
