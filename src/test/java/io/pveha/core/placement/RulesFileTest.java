package io.pveha.core.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pveha.core.placement.ResourceAffinityRule.Affinity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RulesFileTest {

  private static final String TEXT =
      """
      # made by hand
      node-affinity: web-near
      \tresources vm:101, ct:102
      \tnodes node1:2,node2
      \tstrict

      resource-affinity: web-apart
      \tresources vm:101,ct:102
        # not now
      \taffinity negative
      \tdisable
      \tcomment keep them apart

      unknown-kind: x
      \tresources vm:1
      """;

  @Test
  void readsSectionsFlagsListsAndComments() {
    List<HaRule> rules = RulesFile.parse(TEXT);

    assertThat(rules).hasSize(2);
    NodeAffinityRule near = (NodeAffinityRule) rules.get(0);
    assertThat(near.nodes()).isEqualTo(Map.of("node1", 2, "node2", 0));
    assertThat(near.strict()).isTrue();
    assertThat(near.disabled()).isFalse();
    ResourceAffinityRule apart = (ResourceAffinityRule) rules.get(1);
    assertThat(apart.affinity()).isEqualTo(Affinity.NEGATIVE);
    assertThat(apart.disabled()).isTrue();
    assertThat(apart.comment()).isEqualTo("keep them apart");
  }

  @Test
  void readsWhatItWrites() {
    List<HaRule> rules = RulesFile.parse(TEXT);
    assertThat(RulesFile.parse(RulesFile.format(rules))).isEqualTo(rules);
  }

  @Test
  void aLaterSectionReplacesAnEarlierOneOfTheSameId() {
    List<HaRule> rules =
        RulesFile.parse(
            "node-affinity: a\n\tresources vm:1\n\tnodes n1\n\n"
                + "node-affinity: a\n\tresources vm:2\n\tnodes n2\n");
    assertThat(rules)
        .singleElement()
        .satisfies(rule -> assertThat(rule.resources()).containsExactly(ServiceId.of("vm:2")));
  }

  @Test
  void readsGroups() {
    assertThat(
            RulesFile.parseGroups(
                "group: g1\n\tnodes node1:3,node2\n\trestricted 1\n\tnofailback 0\n"))
        .containsOnlyKeys("g1")
        .extractingByKey("g1")
        .satisfies(
            group -> {
              assertThat(group.nodes()).isEqualTo(Map.of("node1", 3, "node2", 0));
              assertThat(group.restricted()).isTrue();
              assertThat(group.nofailback()).isFalse();
            });
  }

  @Test
  void namesTheLineThatIsNoHeader() {
    assertThatThrownBy(() -> RulesFile.parse("rubbish\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rubbish");
  }

  @Test
  void aCandidateIsCheckedAgainstTheRulesThatAreThere() {
    List<HaRule> there = RulesFile.parse(TEXT);
    HaRule second =
        NodeAffinityRule.of(
            "other",
            List.of(ServiceId.of("vm:101")),
            new java.util.TreeMap<>(Map.of("node1", 0)),
            false);
    assertThat(RuleFeasibility.checkCandidate(there, second, Map.of("node1", 1).keySet()))
        .extracting(RuleProblem::rule)
        .contains("other", "web-near");
    HaRule harmless =
        ResourceAffinityRule.of(
            "pair", List.of(ServiceId.of("vm:7"), ServiceId.of("vm:8")), Affinity.POSITIVE);
    assertThat(RuleFeasibility.checkCandidate(there, harmless, Map.of("node1", 1).keySet()))
        .isEmpty();
  }
}
