package io.pveha.operator.polling;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.cluster.NodeName;
import io.pveha.proxmox.ClusterCalls.Member;
import io.pveha.proxmox.ClusterCalls.MembershipView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On how many words of members one may act. */
class FastFactsTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1, 0, true",
    "2, 1, 0, true",
    "3, 1, 0, false",
    "3, 1, 2, false",
    "3, 2, 0, true",
    "3, 0, 3, false",
    "5, 2, 1, true",
    "32, 1, 0, false"
  })
  void writesAskForTwoMembersThatHoldTheQuorum(
      int members, int quorate, int without, boolean allowed) {
    assertThat(facts(members, quorate, without).doubt().isEmpty()).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({"3, 1", "5, 1", "32, 1"})
  void lossIsNotBelievedOnOneWord(int members, int quorate) {
    NodeName last = node(members);
    assertThat(facts(members, quorate, 0).online(last)).isEmpty();
    assertThat(facts(members, quorate + 1, 0).online(last)).contains(false);
  }

  @Test
  void nothingIsWrittenWhileMembersListDifferentNodes() {
    Map<NodeName, MembershipView> views = new TreeMap<>();
    views.put(node(1), view(1, 3, true));
    views.put(node(2), view(2, 3, true));
    views.put(node(3), view(3, 4, true));
    FastFacts differing =
        new FastFacts(Instant.EPOCH, Instant.EPOCH, views, Map.of(), Set.of(), List.of(), 1, null);
    assertThat(differing.doubt()).isPresent();
    views.put(node(3), view(3, 4, false));
    assertThat(
            new FastFacts(
                    Instant.EPOCH, Instant.EPOCH, views, Map.of(), Set.of(), List.of(), 1, null)
                .doubt())
        .as("a member without quorum may lag behind")
        .isEmpty();
  }

  /** The last member is offline for all that answer. */
  private static FastFacts facts(int members, int quorate, int without) {
    Map<NodeName, MembershipView> views = new TreeMap<>();
    IntStream.rangeClosed(1, quorate + without)
        .forEach(n -> views.put(node(n), view(n, members, n <= quorate)));
    return new FastFacts(
        Instant.EPOCH, Instant.EPOCH, views, Map.of(), Set.of(), List.of(), 1, null);
  }

  private static MembershipView view(int self, int members, boolean quorate) {
    List<Member> rows =
        IntStream.rangeClosed(1, members)
            .mapToObj(n -> new Member(node(n), n, "10.0.0." + n, n < members, n == self))
            .toList();
    return new MembershipView(node(self), Optional.of("home"), quorate, rows);
  }

  private static NodeName node(int number) {
    return new NodeName("node" + number);
  }
}
