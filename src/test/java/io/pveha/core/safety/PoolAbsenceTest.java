package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoolAbsenceTest {

  private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

  private GuestMemory memory = GuestMemory.EMPTY;

  @Test
  void onlyAPoolThatWasNeverThereIsMade() {
    assertThat(judge(0, false, null).obstacle()).isEmpty();

    judge(10, true, null);
    assertThat(memory.seenSince()).contains(START.plusSeconds(10));
    assertThat(judge(20, false, null).obstacle())
        .hasValueSatisfying(
            lost -> {
              assertThat(lost.reason()).isEqualTo(ConditionReason.POOL_LOST);
              assertThat(lost.message()).contains("tank on node1", "pveha.io/recreate");
            });
    assertThat(memory.lostSince()).contains(START.plusSeconds(20));

    judge(30, true, null);
    assertThat(memory.lostSince()).as("it is back").isEmpty();
  }

  @Test
  void anOrderCountsOnceAndOnlyForALossBeforeIt() {
    judge(0, true, null);
    assertThat(judge(10, false, "old").obstacle()).as("written before the loss").isPresent();
    assertThat(judge(20, false, START.toString()).obstacle()).isPresent();
    assertThat(judge(30, false, "again").obstacle()).isEmpty();
    assertThat(judge(40, false, "again").obstacle()).as("still being made").isEmpty();

    judge(50, true, "again");
    assertThat(judge(60, false, "again").obstacle()).isPresent();
    assertThat(judge(70, false, "again").obstacle()).isPresent();
    assertThat(judge(80, false, START.plusSeconds(75).toString()).obstacle()).isEmpty();
  }

  private PoolAbsence judge(int after, boolean listed, String order) {
    PoolAbsence absence =
        PoolAbsence.judge(
            memory, "tank on node1", listed, Optional.ofNullable(order), START.plusSeconds(after));
    memory = absence.memory();
    return absence;
  }
}
