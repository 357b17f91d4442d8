package io.pveha.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What may be concluded from views that differ, are old, or are missing. */
class ClusterSnapshotTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration OLDEST = Duration.ofSeconds(10);
  private static final List<NodeName> ALL = List.of(node(1), node(2), node(3));

  @Test
  void knowsNothingInTheBeginning() {
    assertThat(ClusterSnapshot.EMPTY.isQuorate(OLDEST, NOW)).isEqualTo(Belief.UNKNOWN);
    assertThat(ClusterSnapshot.EMPTY.isOnline(node(1), OLDEST, NOW)).isEqualTo(Belief.UNKNOWN);
    assertThat(ClusterSnapshot.EMPTY.node(node(1))).isEqualTo(NodeFacts.UNKNOWN);
  }

  @Test
  void believesALossThatTwoQuorateMembersTell() {
    ClusterSnapshot seen = seen(view(1, true, ALL.subList(0, 2)), view(2, true, ALL.subList(0, 2)));
    assertThat(seen.isOnline(node(3), OLDEST, NOW)).isEqualTo(Belief.NO);
    assertThat(seen.isQuorate(OLDEST, NOW)).isEqualTo(Belief.YES);
    assertThat(seen.online(OLDEST, NOW)).containsExactly(node(1), node(2));
  }

  @Test
  void doesNotBelieveALossThatOneMemberTells() {
    ClusterSnapshot seen = seen(view(1, true, ALL.subList(0, 2)));
    assertThat(seen.isOnline(node(3), OLDEST, NOW)).isEqualTo(Belief.UNKNOWN);
  }

  @Test
  void doesNotBelieveAMinority() {
    ClusterSnapshot seen = seen(view(3, false, ALL.subList(2, 3)));
    assertThat(seen.isOnline(node(1), OLDEST, NOW)).isEqualTo(Belief.UNKNOWN);
    assertThat(seen.isQuorate(OLDEST, NOW)).isEqualTo(Belief.UNKNOWN);
    ClusterSnapshot both =
        seen(
            view(3, false, ALL.subList(2, 3)),
            view(1, true, ALL.subList(0, 2)),
            view(2, true, ALL.subList(0, 2)));
    assertThat(both.isOnline(node(1), OLDEST, NOW)).isEqualTo(Belief.YES);
    assertThat(both.isOnline(node(3), OLDEST, NOW)).isEqualTo(Belief.NO);
  }

  @Test
  void doesNotBelieveOneMemberThatLiesAboutAnother() {
    ClusterSnapshot seen = seen(view(1, true, ALL.subList(0, 2)), view(2, true, ALL));
    assertThat(seen.isOnline(node(3), OLDEST, NOW)).isEqualTo(Belief.YES);
  }

  @Test
  void knowsLessAsViewsAge() {
    ClusterSnapshot seen = seen(view(1, true, ALL.subList(0, 2)), view(2, true, ALL.subList(0, 2)));
    Instant later = NOW.plus(OLDEST).plusMillis(1);
    assertThat(seen.isOnline(node(3), OLDEST, later)).isEqualTo(Belief.UNKNOWN);
    assertThat(seen.isOnline(node(1), OLDEST, later)).isEqualTo(Belief.UNKNOWN);
    assertThat(seen.isQuorate(OLDEST, later)).isEqualTo(Belief.UNKNOWN);
  }

  @Test
  void knowsThatAllAreWithoutQuorumWhenTwoSaySo() {
    ClusterSnapshot seen =
        seen(view(1, false, ALL.subList(0, 1)), view(2, false, ALL.subList(1, 2)));
    assertThat(seen.isQuorate(OLDEST, NOW)).isEqualTo(Belief.NO);
    assertThat(seen.isOnline(node(3), OLDEST, NOW)).isEqualTo(Belief.UNKNOWN);
  }

  @Test
  void believesTheOnlyOtherNodeOfTwo() {
    List<MembershipView.Member> two =
        List.of(
            new MembershipView.Member(node(1), 1, "", true),
            new MembershipView.Member(node(2), 2, "", false));
    ClusterSnapshot seen = seen(new MembershipView(node(1), Optional.of("homelab"), true, two));
    assertThat(seen.isOnline(node(2), OLDEST, NOW)).isEqualTo(Belief.NO);
  }

  @Test
  void keepsAFactWhenAnAttemptFails() {
    Fact<String> fact = Fact.told("9.1.2", node(1), NOW).failed(NOW.plusSeconds(5), "away");
    assertThat(fact.value()).hasValue("9.1.2");
    assertThat(fact.at()).hasValue(NOW);
    assertThat(fact.problem().orElseThrow().text()).isEqualTo("away");
    assertThat(fact.within(Duration.ofSeconds(10), NOW.plusSeconds(5))).hasValue("9.1.2");
    assertThat(fact.within(Duration.ofSeconds(4), NOW.plusSeconds(5))).isEmpty();
  }

  @Test
  void readsIdsAsProxmoxWritesThem() {
    assertThat(GuestId.ofSid("ct:100")).hasValue(new GuestId(GuestKind.CT, 100));
    assertThat(GuestId.ofSid("fa:100")).isEmpty();
    assertThat(ReplicationJobId.parse("100-12")).hasValue(new ReplicationJobId(100, 12));
    assertThat(ReplicationJobId.parse("99-0")).isEmpty();
    assertThat(ReplicationJobId.parse(null)).isEmpty();
    assertThat(new ReplicationJobId(100, 12)).hasToString("100-12");
  }

  private static ClusterSnapshot seen(MembershipView... views) {
    TreeMap<NodeName, Fact<MembershipView>> facts = new TreeMap<>();
    for (MembershipView view : views) {
      facts.put(view.self(), Fact.told(view, view.self(), NOW));
    }
    ClusterSnapshot empty = ClusterSnapshot.EMPTY;
    return new ClusterSnapshot(
        new TreeMap<>(),
        facts,
        empty.ha(),
        empty.guests(),
        empty.storages(),
        empty.jobs(),
        empty.quorumDevice(),
        empty.nodes());
  }

  private static MembershipView view(int self, boolean quorate, List<NodeName> online) {
    return new MembershipView(
        node(self),
        Optional.of("homelab"),
        quorate,
        ALL.stream()
            .map(name -> new MembershipView.Member(name, 0, "", online.contains(name)))
            .toList());
  }

  private static NodeName node(int number) {
    return new NodeName("node" + number);
  }
}
