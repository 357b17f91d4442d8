package io.pveha.core.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.placement.ResourceAffinityRule.Affinity;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Rules that keep services off nodes (Proxmox VE 9.2). */
class NegativeNodeAffinityTest {

  private static final ServiceId WEB = ServiceId.of("ct:100");
  private static final ServiceId DB = ServiceId.of("ct:101");
  private static final Set<String> NODES = new TreeSet<>(Set.of("n1", "n2", "n3"));
  private static final NodeAffinityRule NEVER_ON_3 =
      NodeAffinityRule.keepingOff("r", List.of(WEB), List.of("n3"));

  @Test
  void allowsEveryNodeButItsOwnAndPrefersNone() {
    CompiledRules rules = CompiledRules.compile(List.of(NEVER_ON_3), NODES);

    assertThat(rules.allowed(WEB, NODES)).containsExactly("n1", "n2");
    assertThat(rules.preferred(WEB, List.of("n1", "n2"))).containsExactly("n1", "n2");
    assertThat(rules.allowed(WEB, List.of("n3"))).isEmpty();
    assertThat(rules.allowed(DB, NODES)).hasSize(3);
  }

  @Test
  void neverAllowsItsNodesStrictOrNot() {
    for (String strict : List.of("", "\tstrict 1\n")) {
      List<HaRule> read =
          RulesFile.parse(
              "node-affinity: r\n\tnodes n3:7,n2\n\tresources ct:100\n\taffinity negative\n"
                  + strict);

      assertThat(CompiledRules.compile(read, NODES).allowed(WEB, NODES)).containsExactly("n1");
      assertThat(RulesFile.parse(RulesFile.format(read))).isEqualTo(read);
    }
  }

  @Test
  void hasNoPrioritiesThatAnotherRuleCouldContradict() {
    List<HaRule> rules =
        RulesFile.parse(
            "node-affinity: r\n\tnodes n3:7,n2\n\tresources ct:100\n\taffinity negative\n");
    ResourceAffinityRule together =
        ResourceAffinityRule.of("t", List.of(WEB, DB), Affinity.POSITIVE);

    assertThat(RuleFeasibility.checkCandidate(rules, together, NODES)).isEmpty();
  }

  @Test
  void countsTheNodesThatItLeavesToGuestsThatAreKeptApart() {
    NodeAffinityRule one = NodeAffinityRule.keepingOff("r", List.of(WEB, DB), List.of("n2", "n3"));
    ResourceAffinityRule apart = ResourceAffinityRule.of("a", List.of(WEB, DB), Affinity.NEGATIVE);

    assertThat(RuleFeasibility.checkCandidate(List.of(one), apart, NODES))
        .extracting(RuleProblem::reason)
        .contains(RuleProblem.Reason.NEGATIVE_AFFINITY_LACKS_NODES);
    assertThat(RuleFeasibility.checkCandidate(List.of(NEVER_ON_3), apart, NODES)).isEmpty();
  }
}
