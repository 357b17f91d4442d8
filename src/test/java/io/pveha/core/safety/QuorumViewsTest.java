package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A minority, a single view or views that differ lead to no write. */
class QuorumViewsTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1, true",
    "2, 1, true",
    "2, 0, false",
    "3, 1, false",
    "3, 2, true",
    "3, 0, false",
    "32, 1, false",
    "32, 2, true"
  })
  void twoMembersThatHoldTheQuorumAreWantedOrAllThereCanBe(int members, int views, boolean enough) {
    SortedMap<NodeName, Set<NodeName>> listed = new TreeMap<>();
    IntStream.rangeClosed(1, views).forEach(n -> listed.put(node(n), nodes(members)));

    assertThat(new QuorumViews(members, listed).doubt().isEmpty()).isEqualTo(enough);
  }

  @Test
  void viewsThatListDifferentNodesLeadToNoWrite() {
    SortedMap<NodeName, Set<NodeName>> listed = new TreeMap<>();
    listed.put(node(1), nodes(3));
    listed.put(node(2), nodes(3));
    listed.put(node(3), nodes(4));

    assertThat(new QuorumViews(4, listed).doubt())
        .hasValueSatisfying(
            why -> {
              assertThat(why.reason()).isEqualTo(ConditionReason.TOO_FEW_VIEWS);
              assertThat(why)
                  .extracting(Finding::message)
                  .asString()
                  .contains(
                      "node1 lists node1, node2, node3 as nodes",
                      "node3 lists node1, node2, node3, node4");
            });
  }

  private static Set<NodeName> nodes(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(QuorumViewsTest::node)
        .collect(Collectors.toSet());
  }

  private static NodeName node(int number) {
    return new NodeName("node" + number);
  }
}
