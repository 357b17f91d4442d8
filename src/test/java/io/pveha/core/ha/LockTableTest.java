package io.pveha.core.ha;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LockTableTest {

  private static final HaLock LOCK = HaLock.agentOf("node1");
  private final LockTable locks = new LockTable(Duration.ofSeconds(120));

  private static Instant at(long seconds) {
    return Instant.ofEpochSecond(seconds);
  }

  @Test
  void holderRenewsSilentlyAndOthersAreRefused() {
    assertThat(locks.lock(LOCK, "node1", at(0))).isEqualTo(LockGrant.TAKEN);
    assertThat(locks.lock(LOCK, "node1", at(10))).isEqualTo(LockGrant.RENEWED);
    assertThat(locks.lock(LOCK, "node2", at(10))).isEqualTo(LockGrant.REFUSED);
  }

  @Test
  void anybodyTakesALockThatWasNotRenewedForLongerThanItsLife() {
    locks.lock(LOCK, "node1", at(10));

    assertThat(locks.lock(LOCK, "node2", at(130)))
        .as("exactly its life")
        .isEqualTo(LockGrant.REFUSED);
    assertThat(locks.lock(LOCK, "node2", at(131))).isEqualTo(LockGrant.TAKEN);
    assertThat(locks.holder(LOCK)).isEqualTo("node2");
  }

  @Test
  void ownExpiredLockIsTakenAnewNotRenewed() {
    locks.lock(LOCK, "node1", at(0));
    assertThat(locks.lock(LOCK, "node1", at(121))).isEqualTo(LockGrant.TAKEN);
  }

  @Test
  void onlyTheHolderReleases() {
    assertThat(locks.unlock(LOCK, "node1", at(0))).as("no such lock").isFalse();
    locks.lock(LOCK, "node1", at(0));
    assertThat(locks.unlock(LOCK, "node2", at(1))).isFalse();
    assertThat(locks.unlock(LOCK, "node1", at(1))).isTrue();
    assertThat(locks.holder(LOCK)).isNull();
  }

  @Test
  void releasingAnExpiredLockSucceedsButLeavesIt() {
    locks.lock(LOCK, "node1", at(0));

    assertThat(locks.unlock(LOCK, "node2", at(121))).isTrue();
    assertThat(locks.holder(LOCK)).isEqualTo("node1");
  }
}
