package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClusterClaimTest {

  private static final Instant T = Instant.parse("2026-11-01T00:00:00Z");

  private final ClusterClaim old = claim("b", "old", 0, "10.0.0.1:8006");
  private final ClusterClaim young = claim("a", "young", 5, "10.0.0.1:8006");
  private final ClusterClaim elsewhere = claim("a", "elsewhere", -9, "10.9.9.9:8006");

  @Test
  void theOlderOneOwnsInAnyNamespace() {
    assertThat(young.otherOwner(List.of(elsewhere, young, old))).contains(old);
    assertThat(old.otherOwner(List.of(elsewhere, young, old))).isEmpty();
  }

  @Test
  void anotherClusterIsNoRival() {
    assertThat(elsewhere.otherOwner(List.of(young, old))).isEmpty();
    assertThat(old.rivals(List.of(elsewhere, young, old))).containsExactly(young);
  }

  private static ClusterClaim claim(String namespace, String name, int after, String address) {
    return new ClusterClaim(
        new Claimant(namespace, name, T.plusSeconds(after), false),
        ClusterIdentity.at(Set.of(address)));
  }
}
