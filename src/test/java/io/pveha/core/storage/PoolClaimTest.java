package io.pveha.core.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Finding;
import io.pveha.core.safety.Claimant;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PoolClaimTest {

  private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

  @Test
  void theOlderOwnsThePoolOfANode() {
    PoolClaim older = claim("b", 0, "tank", "tank", "node1", "node2");
    PoolClaim younger = claim("a", 5, "tank", "other", "node2", "node3");

    assertThat(older.taken(List.of(older, younger))).isEmpty();
    assertThat(younger.taken(List.of(older, younger)))
        .hasValueSatisfying(
            taken -> {
              assertThat(taken.reason()).isEqualTo(ConditionReason.POOL_TAKEN);
              assertThat(taken.message()).contains("ZfsPool prod/b", "tank on node2,");
            });
  }

  @Test
  void theOlderOwnsTheStorageThatBothName() {
    PoolClaim older = claim("b", 0, "tank", "tank", "node1");
    PoolClaim younger = claim("a", 5, "tank", "tank", "node4");

    assertThat(older.taken(List.of(older, younger))).isEmpty();
    assertThat(younger.taken(List.of(older, younger)).map(Finding::reason))
        .contains(ConditionReason.STORAGE_TAKEN);
  }

  @Test
  void poolsOfOneNameOnDifferentNodesWithDifferentStoragesHaveTheirOwnOwners() {
    PoolClaim fast = claim("a", 0, "tank", "tank", "node1");
    PoolClaim slow = claim("b", 5, "tank", "tank-hdd", "node4");

    assertThat(fast.taken(List.of(fast, slow))).isEmpty();
    assertThat(slow.taken(List.of(fast, slow))).isEmpty();
  }

  @Test
  void oneThatIsBeingDeletedYields() {
    PoolClaim going =
        new PoolClaim(new Claimant("prod", "a", START, true), "tank", "tank", Set.of("node1"));
    PoolClaim younger = claim("b", 5, "tank", "tank", "node1");

    assertThat(younger.taken(List.of(going, younger))).isEmpty();
    assertThat(going.taken(List.of(going, younger))).isPresent();
  }

  private static PoolClaim claim(
      String name, int age, String pool, String storage, String... nodes) {
    return new PoolClaim(
        new Claimant("prod", name, START.plusSeconds(age), false), pool, storage, Set.of(nodes));
  }
}
