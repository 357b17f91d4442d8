package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClusterIdentityTest {

  private static final Set<String> HERE = Set.of("10.0.0.1:8006", "10.0.0.2:8006");
  private static final Set<String> OVERLAPPING = Set.of("10.0.0.2:8006", "10.0.0.3:8006");
  private static final Set<String> ELSEWHERE = Set.of("pve1.example.org:8006");

  @Test
  void oneAuthorityIsOneClusterWhateverItsNodesAreCalled() {
    assertThat(seen("pve", "AA", "01", HERE).mayBe(seen("pve", "AA", "02", ELSEWHERE))).isTrue();
  }

  @Test
  void twoAuthoritiesAreTwoClustersAlsoBehindOneAddress() {
    assertThat(seen("pve", "AA", "01", HERE).mayBe(seen("pve", "BB", "01", HERE))).isFalse();
  }

  @Test
  void withoutTheAuthorityTheFirstMemberAndTheNameDecide() {
    ClusterIdentity without =
        new ClusterIdentity(Optional.of("pve"), Optional.empty(), Optional.of("01"), ELSEWHERE);

    assertThat(without.mayBe(seen("pve", "AA", "01", HERE))).isTrue();
    assertThat(without.mayBe(seen("lab", "AA", "01", HERE))).isFalse();
    assertThat(without.mayBe(seen("pve", "AA", "02", ELSEWHERE))).isFalse();
  }

  @Test
  void beforeAnythingIsSeenAnAddressThatBothNameDecides() {
    assertThat(ClusterIdentity.at(HERE).mayBe(ClusterIdentity.at(OVERLAPPING))).isTrue();
    assertThat(ClusterIdentity.at(HERE).mayBe(seen("pve", "AA", "01", OVERLAPPING))).isTrue();
    assertThat(ClusterIdentity.at(HERE).mayBe(ClusterIdentity.at(ELSEWHERE))).isFalse();
    assertThat(ClusterIdentity.at(HERE).isKnown()).isFalse();
  }

  private static ClusterIdentity seen(
      String name, String authority, String firstMember, Set<String> addresses) {
    return new ClusterIdentity(
        Optional.of(name), Optional.of(authority), Optional.of(firstMember), addresses);
  }
}
